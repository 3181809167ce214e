import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { SyncCard } from './SyncCard.tsx';

/** The exchange with the central service on a screen of its own. */
export default function SyncScreen() {
  const { t } = useTranslation('sync');
  return (
    <Page width="text">
      <PageHeader title={t('title')} />
      <SyncCard title={t('standing')} />
    </Page>
  );
}
