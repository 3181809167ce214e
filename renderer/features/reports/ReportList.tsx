import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseLine } from '../../../shared/contract/views.ts';
import { triageWithinHours } from '../../../shared/domain/workflow.ts';
import { Tag } from '../../ui/status/Tag.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { VirtualTable } from '../../ui/table/VirtualTable.tsx';
import { DueDate, RelativeTime } from '../../ui/text/DateTime.tsx';

const hourMs = 3_600_000;

/** When a report has to be triaged: an emergency at once. */
function triageDue(line: CaseLine): string | null {
  if (line.receivedAt === null || line.emergency) return line.receivedAt;
  return new Date(Date.parse(line.receivedAt) + triageWithinHours * hourMs).toISOString();
}

interface ReportListProps {
  readonly lines: readonly CaseLine[];
  readonly onOpen: (line: CaseLine) => void;
}

export function ReportList({ lines, onOpen }: ReportListProps) {
  const { t } = useTranslation('reports');
  const columns = useReportColumns();
  const rows = useMemo(() => lines.toSorted((a, b) => Number(b.emergency) - Number(a.emergency)), [lines]);
  return (
    <VirtualTable
      label={t('title')}
      columns={columns}
      rows={rows}
      rowKey={(line) => line.id}
      onOpen={onOpen}
    />
  );
}

function useReportColumns(): readonly Column<CaseLine>[] {
  const { t } = useTranslation(['reports', 'common', 'cases']);
  return useMemo<readonly Column<CaseLine>[]>(
    () => [
      {
        id: 'number',
        header: t('cases:list.number'),
        width: '92px',
        cell: (line) => line.number ?? t('cases:numberPending'),
        sortBy: (line) => line.number,
      },
      {
        id: 'what',
        header: t('reports:list.what'),
        isRowHeader: true,
        sortBy: (line) => line.title,
        cell: (line) => (
          <>
            {line.emergency && <Tag tone="danger">{t('reports:list.emergency')}</Tag>} {line.title}
          </>
        ),
      },
      {
        id: 'site',
        header: t('reports:list.site'),
        width: '112px',
        cell: (line) => line.site ?? '–',
        sortBy: (line) => line.site,
      },
      {
        id: 'channel',
        header: t('reports:list.channel'),
        width: '112px',
        cell: (line) => <Channel channel={line.channel} />,
      },
      {
        id: 'received',
        header: t('reports:list.received'),
        width: '104px',
        cell: (line) => line.receivedAt && <RelativeTime value={line.receivedAt} />,
        sortBy: (line) => line.receivedAt,
      },
      {
        id: 'due',
        header: t('reports:list.due'),
        width: '160px',
        cell: (line) => <DueDate value={triageDue(line)} />,
        sortBy: triageDue,
      },
    ],
    [t],
  );
}

function Channel({ channel }: { readonly channel: string | null }) {
  const { t, i18n } = useTranslation('common');
  if (channel === null) return <>–</>;
  return (
    <>
      {i18n.exists(`term.channel.${channel}`)
        ? t(`term.channel.${channel}` as 'term.channel.phone')
        : channel}
    </>
  );
}
