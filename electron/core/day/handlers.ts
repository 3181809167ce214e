/**
 * "My day". Triage and conflicts concern everybody who sees the case; a reassessment its lead (or everybody
 * where there is none); a measure its owner and the lead; an unsigned assessment who began it.
 */
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { DayTask } from '../../../shared/contract/views.ts';
import { endedStatuses, reportStatuses } from '../../../shared/domain/workflow.ts';
import { recentHistory } from '../cases/history.ts';
import { listConflicts } from '../conflicts/handlers.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { brokenGlass, noteGlass } from './glass.ts';
import {
  byDue,
  conflictTask,
  isNear,
  openCount,
  overdueCount,
  reassessTask,
  recordTask,
  triageTask,
} from './tasks.ts';

const recentEntries = 12;

export function dayHandlers(workspace: Workspace): Pick<Handlers, 'day.get' | 'day.seenGlass'> {
  return {
    'day.get': () =>
      workspace.vault.read(async (tx) => {
        const { calendar } = workspace;
        const nowMs = workspace.nowMs();
        const conflicts = await listConflicts(tx);
        const all = [
          ...(await triageTasks(tx)),
          ...(await reassessTasks(tx, workspace)),
          ...(await recordTasks(tx, workspace)),
          ...conflicts.map(conflictTask),
        ];
        const tasks = all.filter((task) => isNear(task, nowMs, calendar)).sort(byDue(calendar));
        const counts = {
          ...(await caseCounts(tx)),
          conflicts: conflicts.length,
          open: openCount(tasks, nowMs, calendar),
          overdue: overdueCount(tasks, nowMs, calendar),
        };
        const recent = await recentHistory(tx, workspace, recentEntries);
        return { glass: await brokenGlass(tx), tasks, recent, counts };
      }),
    async 'day.seenGlass'(glass) {
      await workspace.vault.write((tx) => noteGlass(tx, glass));
      return {};
    },
  };
}

async function triageTasks(tx: Db): Promise<readonly DayTask[]> {
  const rows = await tx
    .selectFrom('cases')
    .selectAll()
    .where('status', 'in', [...reportStatuses])
    .execute();
  return rows.map(triageTask);
}

async function reassessTasks(tx: Db, { owner }: Workspace): Promise<readonly DayTask[]> {
  const rows = await tx
    .selectFrom('cases')
    .selectAll()
    .where('reassess_by', 'is not', null)
    .where('status', 'not in', [...endedStatuses, ...reportStatuses])
    .where((where) => where.or([where('lead', '=', owner.userId), where('lead', 'is', null)]))
    .execute();
  return rows.map(reassessTask);
}

async function recordTasks(tx: Db, { owner }: Workspace): Promise<readonly DayTask[]> {
  const rows = await tx
    .selectFrom('tasks')
    .innerJoin('cases', 'cases.id', 'tasks.case_id')
    .select(['tasks.record_id', 'tasks.type', 'tasks.owner', 'tasks.due_on', 'tasks.title as task_title'])
    .select(['tasks.detail', 'cases.id', 'cases.number', 'cases.title', 'cases.level'])
    .where('cases.status', 'not in', [...endedStatuses])
    .where((where) =>
      where.or([
        where('tasks.owner', '=', owner.userId),
        where.and([where('tasks.type', '=', 'measure'), where('cases.lead', '=', owner.userId)]),
      ]),
    )
    .execute();
  return rows.map((row) => {
    const task = { type: row.type, owner: row.owner, dueOn: row.due_on, title: row.task_title } as const;
    return recordTask(row, { ...task, detail: row.detail, recordId: row.record_id });
  });
}

async function caseCounts(tx: Db): Promise<{ readonly reports: number; readonly cases: number }> {
  const rows = await tx
    .selectFrom('cases')
    .select((of) => ['status', of.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  const ended = new Set<string>(endedStatuses);
  const waiting = new Set<string>(reportStatuses);
  const sum = (counts: (status: string) => boolean) =>
    rows.filter(({ status }) => counts(status)).reduce((total, { count }) => total + count, 0);
  return {
    reports: sum((status) => waiting.has(status)),
    cases: sum((status) => !waiting.has(status) && !ended.has(status)),
  };
}
