/** What waits for a person, in the order in which it is due. Pure. */
import type { ConflictLine, DayTask } from '../../../shared/contract/views.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { iso } from '../cases/views.ts';
import type { CaseRow } from '../storage/caseRow.ts';
import type { TaskRow } from '../storage/derive.ts';
import { triageDueMs } from '../storage/deriveCase.ts';
import type { Calendar } from './calendar.ts';

export type CaseOfTask = Pick<CaseRow, 'id' | 'number' | 'title' | 'level'>;

export function triageTask(row: CaseRow): DayTask {
  const due = row.received_at === null ? null : triageDueMs(row.received_at, row.emergency === 1);
  return { ...ofCase(row), type: 'triage', dueAt: due === null ? null : iso(due) };
}

export function reassessTask(row: CaseRow, calendar: Calendar): DayTask {
  return { ...ofCase(row), type: 'reassess', dueAt: endOf(row.reassess_by, calendar) };
}

export function recordTask(
  row: CaseOfTask,
  task: TaskRow & { readonly recordId: RecordId },
  calendar: Calendar,
): DayTask {
  const { type, recordId, title, detail, dueOn } = task;
  return { ...ofCase(row), type, recordId, title, detail, dueAt: endOf(dueOn, calendar) };
}

export function conflictTask(line: ConflictLine): DayTask {
  const { caseId, recordId, number, caseTitle, level, recordTitle, field } = line;
  const of = { caseId, recordId, number, caseTitle, level };
  return { ...of, type: 'conflict', title: recordTitle, detail: field, dueAt: null };
}

function ofCase(row: CaseOfTask): Omit<DayTask, 'type' | 'dueAt'> {
  const of = { caseId: row.id, number: row.number, caseTitle: row.title, level: row.level };
  return { ...of, recordId: null, title: null, detail: null };
}

/** Something due on a day is due when that day ends. */
function endOf(day: string | null, calendar: Calendar): string | null {
  return day === null ? null : iso(calendar.endOfDayMs(day));
}

/** Earliest first; what has no date comes last. */
export function byDue(a: DayTask, b: DayTask): number {
  if (a.dueAt === b.dueAt) return 0;
  if (a.dueAt === null || b.dueAt === null) return a.dueAt === null ? 1 : -1;
  return a.dueAt < b.dueAt ? -1 : 1;
}

export function overdueCount(tasks: readonly DayTask[], nowMs: number): number {
  return tasks.filter(({ dueAt }) => dueAt !== null && Date.parse(dueAt) < nowMs).length;
}
