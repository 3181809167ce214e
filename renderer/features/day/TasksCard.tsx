import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DayTask } from '../../../shared/contract/views.ts';
import { EmptyState } from '../../ui/feedback/EmptyState.tsx';
import { SegmentedControl } from '../../ui/field/SegmentedControl.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { LevelBadge } from '../../ui/status/LevelBadge.tsx';
import type { Column } from '../../ui/table/columns.ts';
import { Table } from '../../ui/table/Table.tsx';
import { DueDate } from '../../ui/text/DateTime.tsx';
import { TaskText } from './TaskText.tsx';
import { byCase, taskKey, taskPath } from './tasks.ts';

interface TasksCardProps {
  /** Nothing has ever been on this laptop: the empty list then says how to begin. */
  readonly isFirstUse: boolean;
  readonly tasks: readonly DayTask[];
  readonly onOpen: (path: string) => void;
}

/** What waits for me, the most urgent first or gathered by case. */
export function TasksCard({ tasks, isFirstUse, onOpen }: TasksCardProps) {
  const { t } = useTranslation('day');
  const [order, setOrder] = useState<'due' | 'case'>('due');
  const columns = useTaskColumns();
  const rows = useMemo(() => (order === 'due' ? tasks : byCase(tasks)), [tasks, order]);
  return (
    <Card
      title={t('tasks.title')}
      padding="flush"
      actions={
        <SegmentedControl
          aria-label={t('tasks.order')}
          options={[
            { value: 'due', label: t('tasks.byDue') },
            { value: 'case', label: t('tasks.byCase') },
          ]}
          value={order}
          onChange={setOrder}
        />
      }
    >
      {rows.length === 0 ? (
        <EmptyState title={t(isFirstUse ? 'firstUse.title' : 'tasks.emptyTitle')} icon="done">
          {t(isFirstUse ? 'firstUse.text' : 'tasks.emptyText')}
        </EmptyState>
      ) : (
        <Table
          label={t('tasks.title')}
          columns={columns}
          rows={rows}
          rowKey={taskKey}
          onOpen={(task) => onOpen(taskPath(task))}
        />
      )}
    </Card>
  );
}

function useTaskColumns(): readonly Column<DayTask>[] {
  const { t } = useTranslation('day');
  return useMemo(
    () => [
      { id: 'what', header: t('tasks.what'), cell: (task) => <TaskText task={task} />, isRowHeader: true },
      {
        id: 'case',
        header: t('tasks.case'),
        width: '104px',
        cell: (task) => task.number ?? t('numberPending'),
      },
      {
        id: 'level',
        header: t('tasks.level'),
        width: '128px',
        cell: (task) => <LevelBadge level={task.level} />,
      },
      { id: 'due', header: t('tasks.due'), width: '176px', cell: (task) => <DueDate value={task.dueAt} /> },
    ],
    [t],
  );
}
