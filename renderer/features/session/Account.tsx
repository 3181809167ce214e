import { useTranslation } from 'react-i18next';
import type { SessionView } from '../../../shared/contract/views.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { type Description, DescriptionList } from '../../ui/layout/DescriptionList.tsx';

interface AccountProps {
  readonly session: SessionView;
  /** What goes before it. */
  readonly items?: readonly Description[];
}

/** What is safe in the central service and what, as far as is known, was only here. */
export function Account({ session, items = [] }: AccountProps) {
  const { t } = useTranslation('session');
  const format = useFormat();
  const { unsent, lastSyncAt } = session;
  const parts =
    unsent === null
      ? [t('account.unknown')]
      : [
          unsent.count === 0 ? t('account.none') : t('account.count', { count: unsent.count }),
          unsent.oldestAt && unsent.count > 0
            ? t('account.oldest', { time: format.dateTime(unsent.oldestAt) })
            : null,
          t('account.asOf', { time: format.dateTime(unsent.asOf) }),
        ];
  return (
    <DescriptionList
      items={[
        ...items,
        {
          term: t('account.onServer'),
          value: lastSyncAt
            ? t('account.onServerUntil', { time: format.dateTime(lastSyncAt) })
            : t('account.onServerNothing'),
        },
        { term: t('account.unsent'), value: parts.filter((part) => part !== null).join(' · ') },
      ]}
    />
  );
}
