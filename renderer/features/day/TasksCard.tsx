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

interface TaskTableProps {
  readonly label: string;
  readonly tasks: readonly DayTask[];
  readonly onOpen: (path: string) => void;
}

interface TasksCardProps extends Omit<TaskTableProps, 'label'> {
  /** Nothing has ever been on this laptop: the empty list then says how to begin. */
  readonly isFirstUse: boolean;
}

/** What waits for me now, the most urgent first or gathered by case. */
export function TasksCard({ tasks, isFirstUse, onOpen }: TasksCardProps) {
  const { t } = useTranslation('day');
  const [order, setOrder] = useState<'due' | 'case'>('due');
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
        <TaskTable label={t('tasks.title')} tasks={rows} onOpen={onOpen} />
      )}
    </Card>
  );
}

/** What is due in the days after; nothing when nothing is. */
export function AheadCard({ tasks, onOpen }: Omit<TaskTableProps, 'label'>) {
  const { t } = useTranslation('day');
  if (tasks.length === 0) return null;
  return (
    <Card title={t('ahead')} padding="flush">
      <TaskTable label={t('ahead')} tasks={tasks} onOpen={onOpen} />
    </Card>
  );
}

function TaskTable({ label, tasks, onOpen }: TaskTableProps) {
  const columns = useTaskColumns();
  return (
    <Table
      label={label}
      columns={columns}
      rows={tasks}
      rowKey={taskKey}
      onOpen={(task) => onOpen(taskPath(task))}
    />
  );
}

function useTaskColumns(): readonly Column<DayTask>[] {
  const { t } = useTranslation('day');
  return useMemo(
    () => [
      { id: 'what', header: t('tasks.what'), cell: (task) => <TaskText task={task} />, isRowHeader: true },
      {
        id: 'level',
        header: t('tasks.level'),
        width: '96px',
        cell: (task) => <LevelBadge level={task.level} />,
      },
      { id: 'due', header: t('tasks.due'), width: '164px', cell: (task) => <DueDate value={task.dueAt} /> },
    ],
    [t],
  );
}
