import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../shared/contract/views.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { RelativeTime } from '../../ui/text/DateTime.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useEntryText } from '../cases/labels.ts';

interface RecentCardProps {
  readonly entries: readonly HistoryEntry[];
  readonly onOpen: (path: string) => void;
}

/** The last edits, mine and the team's. */
export function RecentCard({ entries, onOpen }: RecentCardProps) {
  const { t } = useTranslation('day');
  const entryText = useEntryText();
  const columns = useMemo<readonly Column<HistoryEntry>[]>(
    () => [
      {
        id: 'case',
        header: t('tasks.case'),
        width: '88px',
        cell: (entry) => entry.number ?? t('numberPending'),
      },
      {
        id: 'what',
        header: t('tasks.what'),
        isRowHeader: true,
        cell: (entry) => (
          <>
            {entryText(entry)} <Quiet>{entry.caseTitle}</Quiet>
          </>
        ),
      },
      {
        id: 'when',
        header: t('recent.title'),
        isHeaderHidden: true,
        width: '120px',
        cell: (entry) => <RelativeTime value={entry.at} />,
      },
    ],
    [t, entryText],
  );
  return (
    <Card title={t('recent.title')} padding="flush">
      {entries.length === 0 ? (
        <EmptyState title={t('recent.emptyTitle')}>{t('recent.emptyText')}</EmptyState>
      ) : (
        <Table
          label={t('recent.title')}
          columns={columns}
          rows={entries}
          rowKey={(entry) => entry.change}
          onOpen={(entry) => onOpen(`/cases/${entry.caseId}`)}
        />
      )}
    </Card>
  );
}
