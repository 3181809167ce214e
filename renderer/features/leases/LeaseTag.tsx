import { useTranslation } from 'react-i18next';
import type { LeaseView } from '../../../shared/contract/leaseProcedures.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { useNowMs } from '../../i18n/useNowMs.ts';
import { useSync } from '../../state/sync.ts';
import { Tag } from '../../ui/status/Tag.tsx';
import { isAway, warnAheadMs } from './ending.ts';

/** In the head of a case: until when it is here without contact, and what for. */
export function LeaseTag({ lease }: { readonly lease: LeaseView }) {
  const { t } = useTranslation('leases');
  const format = useFormat();
  const nowMs = useNowMs();
  const isSoon = isAway(useSync()) && Date.parse(lease.until) - nowMs <= warnAheadMs;
  return (
    <Tag tone={isSoon ? 'warn' : 'accent'}>
      {t('tag', { time: format.dateTime(lease.until), purpose: t(`purpose.${lease.purpose}`) })}
    </Tag>
  );
}
