import { useTranslation } from 'react-i18next';
import { useSync } from '../../state/sync.ts';
import { Columns, Page, Stack } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { CheckedOutCard } from '../leases/CheckedOutCard.tsx';
import { CasesCard } from './CasesCard.tsx';
import { ConflictsCard } from './ConflictsCard.tsx';
import { RefusalsCard } from './RefusalsCard.tsx';
import { SyncCard } from './SyncCard.tsx';

/** The exchange with the central service: where it stands, what waits in which case, what needs a person. */
export default function SyncScreen() {
  const { t } = useTranslation('sync');
  const sync = useSync();
  return (
    <Page>
      <PageHeader title={t('title')} note={sync && sync.unsent === 0 && !sync.progress && t('allSent')} />
      <Columns>
        <Stack gap={5}>
          <RefusalsCard />
          <CasesCard />
        </Stack>
        <Stack gap={5}>
          <SyncCard title={t('standing')} isWhole />
          <CheckedOutCard isWhole />
          <ConflictsCard />
        </Stack>
      </Columns>
    </Page>
  );
}
