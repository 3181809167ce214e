/** Edits told as history: what is waiting first, then the log backwards. */
import { type SqlBool, sql } from 'kysely';
import type { HistoryEntry } from '../../../shared/contract/views.ts';
import { errorCodeSchema } from '../../../shared/errors.ts';
import type { CaseId, DeviceId, RecordId, UserId } from '../../../shared/ids.ts';
import { readHead } from '../../../shared/sync/change.ts';
import { usersOf } from '../directory/people.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { fieldsOf, mayReadRefused } from './refused.ts';
import { iso } from './views.ts';

export interface HistoryQuery {
  readonly caseId: CaseId;
  readonly record?: RecordId | undefined;
  readonly offset: number;
  readonly limit: number;
}

interface Told {
  readonly device: DeviceId;
  readonly head: string;
  readonly payload: string;
  readonly status: string;
  readonly code: string | null;
  readonly at_ms: number;
}

interface OfCase {
  readonly id: CaseId;
  readonly number: string | null;
  readonly title: string;
  readonly lead: UserId | null;
}

export async function caseHistory(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  query: HistoryQuery & { readonly of: OfCase },
): Promise<HistoryEntry[]> {
  const ofRecord = sql<SqlBool>`(${query.record ?? null} IS NULL OR record_id = ${query.record ?? null})`;
  const waiting = db
    .selectFrom('outbox')
    .select([
      sql<DeviceId>`${workspace.owner.deviceId}`.as('device'),
      'head',
      'payload',
      sql<string>`status`.as('status'),
      'code',
      'at_ms',
      sql<number>`1`.as('waiting'),
      'n as place',
    ])
    .where('case_id', '=', query.caseId)
    .where(ofRecord);
  const logged = db
    .selectFrom('log')
    .select([
      'device',
      'head',
      'payload',
      sql<string>`status`.as('status'),
      'code',
      'at_ms',
      sql<number>`0`.as('waiting'),
      'position as place',
    ])
    .where('case_id', '=', query.caseId)
    .where(ofRecord);
  const rows = await waiting
    .unionAll(logged)
    .orderBy('waiting', 'desc')
    .orderBy('place', 'desc')
    .limit(query.limit)
    .offset(query.offset)
    .execute();
  return tell(db, workspace, query.of, rows);
}

async function tell(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  of: OfCase,
  rows: readonly Told[],
): Promise<HistoryEntry[]> {
  const userOf = await usersOf(
    db,
    workspace,
    rows.map(({ device }) => device),
  );
  return rows.map((row) => {
    const head = readHead(row.head);
    const fields = Object.entries(fieldsOf(row)).map(([name, { value }]) => [name, value] as const);
    const user = userOf(row.device);
    const state = states[row.status] ?? 'sent';
    const withheld = state === 'refused' && !mayReadRefused({ user, lead: of.lead }, workspace.owner.userId);
    return {
      change: head.id,
      caseId: of.id,
      number: of.number,
      caseTitle: of.title,
      record: head.record,
      kind: head.kind,
      op: head.op,
      fields: withheld ? {} : Object.fromEntries(fields),
      withheld,
      user,
      device: row.device,
      at: iso(row.at_ms),
      state,
      code: errorCodeSchema.nullable().catch(null).parse(row.code),
    };
  });
}

const states: Readonly<Record<string, HistoryEntry['state']>> = {
  pending: 'unsent',
  acked: 'sent',
  applied: 'sent',
  quarantined: 'refused',
};

export async function countHistory(db: Db, caseId: CaseId, record: RecordId | undefined): Promise<number> {
  const counts = await Promise.all(
    (['log', 'outbox'] as const).map((table) => {
      const all = db
        .selectFrom(table)
        .select((of) => of.fn.countAll<number>().as('count'))
        .where('case_id', '=', caseId);
      return (record === undefined ? all : all.where('record_id', '=', record)).executeTakeFirstOrThrow();
    }),
  );
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/** The latest edits over all cases: those of the cases that moved last. */
export async function recentHistory(
  db: Db,
  workspace: Pick<Workspace, 'owner'>,
  limit: number,
): Promise<HistoryEntry[]> {
  const latest = await db
    .selectFrom('cases')
    .select(['id', 'number', 'title', 'lead'])
    .orderBy('updated_ms', 'desc')
    .limit(limit)
    .execute();
  const entries: HistoryEntry[] = [];
  for (const of of latest) {
    entries.push(...(await caseHistory(db, workspace, { caseId: of.id, offset: 0, limit, of })));
  }
  return entries.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, limit);
}
