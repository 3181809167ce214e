import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseLine } from '../../../shared/contract/views.ts';
import { levelsSafestFirst } from '../../../shared/domain/levels.ts';
import { useUserName } from '../../state/reference.ts';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import { Tag } from '../../ui/status/Tag.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { VirtualTable } from '../../ui/table/VirtualTable.tsx';
import { DueDate, RelativeTime } from '../../ui/text/DateTime.tsx';
import styles from './cases.module.css';

interface CaseListProps {
  readonly lines: readonly CaseLine[];
  readonly onOpen: (line: CaseLine) => void;
}

export function CaseList({ lines, onOpen }: CaseListProps) {
  const { t } = useTranslation('cases');
  return (
    <VirtualTable
      label={t('title')}
      columns={useCaseColumns()}
      rows={lines}
      rowKey={(line) => line.id}
      onOpen={onOpen}
    />
  );
}

/** Imminent danger before every level; no level last. */
function levelOrder(line: CaseLine): number {
  if (line.imminent) return -1;
  return line.level === null ? levelsSafestFirst.length : levelsSafestFirst.indexOf(line.level);
}

function useCaseColumns(): readonly Column<CaseLine>[] {
  const { t } = useTranslation(['cases', 'common']);
  const userName = useUserName();
  return useMemo<readonly Column<CaseLine>[]>(
    () => [
      {
        id: 'number',
        header: t('cases:list.number'),
        width: '84px',
        sortBy: (line) => line.number,
        cell: (line) => line.number ?? t('cases:numberPending'),
      },
      {
        id: 'title',
        header: t('cases:list.title'),
        width: 'minmax(0, 1fr)',
        isRowHeader: true,
        sortBy: (line) => line.title,
        cell: (line) => (
          <span className={styles.titleCell}>
            <span className={styles.titleText}>{line.title}</span>
            <Marks line={line} />
          </span>
        ),
      },
      {
        id: 'level',
        header: t('cases:list.level'),
        width: '96px',
        sortBy: levelOrder,
        cell: (line) => <LevelBadge level={line.level} isImminent={line.imminent} size="small" />,
      },
      {
        id: 'status',
        header: t('cases:list.status'),
        width: '128px',
        sortBy: (line) => t(`common:term.caseStatus.${line.status}`),
        cell: (line) => t(`common:term.caseStatus.${line.status}`),
      },
      {
        id: 'lead',
        header: t('cases:list.lead'),
        width: '116px',
        sortBy: (line) => userName(line.lead),
        cell: (line) => userName(line.lead) ?? '–',
      },
      {
        id: 'due',
        header: t('cases:list.due'),
        width: '160px',
        sortBy: (line) => line.reassessBy,
        cell: (line) => (line.reassessBy === null ? '–' : <DueDate value={line.reassessBy} />),
      },
      {
        id: 'updated',
        header: t('cases:list.updated'),
        width: '112px',
        isSpare: true,
        sortBy: (line) => line.updatedAt,
        cell: (line) => <RelativeTime value={line.updatedAt} />,
      },
    ],
    [t, userName],
  );
}

function Marks({ line }: { readonly line: CaseLine }) {
  const { t } = useTranslation('cases');
  if (line.conflicts + line.unsent === 0) return null;
  return (
    <span className={styles.marks}>
      {line.conflicts > 0 && <Tag tone="warn">{t('list.conflicts', { count: line.conflicts })}</Tag>}
      {line.unsent > 0 && <Tag>{t('list.unsent', { count: line.unsent })}</Tag>}
    </span>
  );
}
