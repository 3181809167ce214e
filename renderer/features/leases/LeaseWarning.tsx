import { useTranslation } from 'react-i18next';
import type { LeasesView } from '../../../shared/contract/leaseProcedures.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useNowMs } from '../../i18n/useNowMs.ts';
import { useSync } from '../../state/sync.ts';
import { Note } from '../../ui/feedback/Note.tsx';
import { endingSoon } from './ending.ts';

/** Told a day ahead, while the service is not reached: what goes when, what becomes of it, what helps. */
export function LeaseWarning({ leases }: { readonly leases: LeasesView | null }) {
  const { t } = useTranslation('leases');
  const format = useFormat();
  const soon = endingSoon(leases, useSync(), useNowMs());
  if (soon === null) return null;
  const time = format.due(soon.at).text;
  if (soon.what === 'vault') {
    return (
      <Note tone="warn" title={t('warning.vaultTitle', { time })}>
        {t('warning.vaultText')}
      </Note>
    );
  }
  return (
    <Note tone="warn" title={t('warning.casesTitle', { count: soon.cases, time })}>
      {t('warning.casesText')}
      {soon.unsent > 0 && ` ${t('warning.unsent', { count: soon.unsent })}`}
    </Note>
  );
}
