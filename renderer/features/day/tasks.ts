import type { DayTask } from '../../../shared/contract/views.ts';

/** Where a task is worked on. */
export function taskPath(task: DayTask): string {
  const { type, caseId, recordId, detail } = task;
  switch (type) {
    case 'triage':
      return `/reports/${caseId}`;
    case 'reassess':
      return `/cases/${caseId}/assessments`;
    case 'unsigned':
      return `/cases/${caseId}/assessments/${recordId}`;
    case 'measure':
      return `/cases/${caseId}/measures`;
    case 'conflict':
      return `/conflicts/${caseId}/${recordId}/${encodeURIComponent(detail ?? '')}`;
  }
}

/** Whether a task waits now: overdue, due today by the calendar of the machine, or without a date. */
export function isDueToday({ dueAt }: Pick<DayTask, 'dueAt'>, nowMs: number): boolean {
  if (dueAt === null) return true;
  const due = dueAt.includes('T') ? new Date(dueAt) : new Date(`${dueAt}T00:00:00`);
  return due.getTime() <= new Date(nowMs).setHours(23, 59, 59, 999);
}

export function taskKey({ type, caseId, recordId, detail }: DayTask): string {
  return `${type}/${caseId}/${recordId ?? ''}/${detail ?? ''}`;
}

/** Gathered by case, in the order in which each case first comes up. */
export function byCase(tasks: readonly DayTask[]): readonly DayTask[] {
  return [...Map.groupBy(tasks, (task) => task.caseId).values()].flat();
}
