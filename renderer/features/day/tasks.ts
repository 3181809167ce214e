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

export function taskKey({ type, caseId, recordId, detail }: DayTask): string {
  return `${type}/${caseId}/${recordId ?? ''}/${detail ?? ''}`;
}

/** Gathered by case, in the order in which each case first comes up. */
export function byCase(tasks: readonly DayTask[]): readonly DayTask[] {
  return [...Map.groupBy(tasks, (task) => task.caseId).values()].flat();
}
