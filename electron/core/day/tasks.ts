/** What waits for a person, in the order in which it is due. Pure. */
import type { ConflictLine } from '../../../shared/contract/conflictViews.ts';
import type { DayTask } from '../../../shared/contract/views.ts';
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

export function reassessTask(row: CaseRow): DayTask {
  return { ...ofCase(row), type: 'reassess', dueAt: row.reassess_by };
}

export function recordTask(row: CaseOfTask, task: TaskRow & { readonly recordId: RecordId }): DayTask {
  const { type, recordId, title, detail, dueOn } = task;
  return { ...ofCase(row), type, recordId, title, detail, dueAt: dueOn };
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

/** When a task is late; something due on a day is due until that day ends. */
function dueMs(dueAt: string, calendar: Calendar): number {
  return dueAt.includes('T') ? Date.parse(dueAt) : calendar.endOfDayMs(dueAt);
}

/** Earliest first; what has no date comes last. */
export function byDue(calendar: Calendar): (a: DayTask, b: DayTask) => number {
  return (a, b) => {
    if (a.dueAt === null || b.dueAt === null) return Number(a.dueAt === null) - Number(b.dueAt === null);
    return dueMs(a.dueAt, calendar) - dueMs(b.dueAt, calendar);
  };
}

/** How far "My day" looks ahead. */
const aheadDays = 14;

/** Whether a task is near enough to be shown: overdue, without a date, or due within two weeks. */
export function isNear(task: DayTask, nowMs: number, calendar: Calendar): boolean {
  return isDueBy(task, calendar.addDays(calendar.dayOf(nowMs), aheadDays), calendar);
}

/** Those that wait for somebody now: overdue, due today, or without a date. */
export function openCount(tasks: readonly DayTask[], nowMs: number, calendar: Calendar): number {
  return tasks.filter((task) => isDueBy(task, calendar.dayOf(nowMs), calendar)).length;
}

function isDueBy({ dueAt }: DayTask, day: string, calendar: Calendar): boolean {
  return dueAt === null || dueMs(dueAt, calendar) <= calendar.endOfDayMs(day);
}

export function overdueCount(tasks: readonly DayTask[], nowMs: number, calendar: Calendar): number {
  return tasks.filter(({ dueAt }) => dueAt !== null && dueMs(dueAt, calendar) < nowMs).length;
}
