/**
 * The rows a history is told from: what waits (outbox), what a restored service lacks (held), then the log. Each table is read backwards along an index and
 * no further than what is shown: the texts of a change are the largest things in the vault.
 */
import { sql } from 'kysely';
import type { CaseId, DeviceId, RecordId, UserId } from '../../../shared/ids.ts';
import type { Db } from '../session/workspace.ts';

export interface HistoryQuery {
  readonly caseId: CaseId;
  readonly record?: RecordId | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface HistoryRow {
  readonly device: DeviceId;
  readonly head: string;
  readonly payload: string;
  readonly status: string;
  readonly code: string | null;
  readonly at_ms: number;
}

export interface LatestRow extends HistoryRow {
  readonly case_id: CaseId;
  readonly number: string | null;
  readonly title: string;
  readonly lead: UserId | null;
}

/** One page of a case's history, or of one record's, the newest first; `own` is this laptop. */
export async function historyRows(
  db: Db,
  own: DeviceId,
  query: HistoryQuery,
): Promise<readonly HistoryRow[]> {
  const rows: HistoryRow[] = [];
  let skip = query.offset;
  for (const table of ['outbox', 'held', 'log'] as const) {
    const limit = query.limit - rows.length;
    const found = await backwards(db, table, { ...query, own, limit, offset: skip });
    rows.push(...found);
    if (found.length === limit) break;
    // Where a table is passed over whole, how long it is has to be counted.
    const isPassed = skip > 0 && found.length === 0;
    skip = isPassed ? Math.max(0, skip - (await countRows(db, table, query.caseId, query.record))) : 0;
  }
  return rows;
}

/** Of what counts and is not for this person, nothing is told. */
const told = sql<boolean>`(payload_hash IS NULL OR status = 'quarantined')`;

type HistoryTable = 'outbox' | 'held' | 'log';

function backwards(
  db: Db,
  table: HistoryTable,
  query: HistoryQuery & { readonly own: DeviceId },
): Promise<readonly HistoryRow[]> {
  const { caseId, record, offset, limit } = query;
  const device = table === 'outbox' ? sql<DeviceId>`${query.own}` : sql.ref<DeviceId>('device');
  const all = db
    .selectFrom(table)
    .select([device.as('device'), 'head', 'payload', sql<string>`status`.as('status'), 'code', 'at_ms'])
    .where('case_id', '=', caseId)
    .where(table === 'outbox' ? sql<boolean>`true` : told)
    .orderBy(sql.ref(table === 'outbox' ? 'n' : 'position'), 'desc')
    .limit(limit)
    .offset(offset);
  return (record === undefined ? all : all.where('record_id', '=', record)).execute();
}

export async function countRows(
  db: Db,
  table: HistoryTable,
  caseId: CaseId,
  record: RecordId | undefined,
): Promise<number> {
  const all = db
    .selectFrom(table)
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('case_id', '=', caseId)
    .where(table === 'outbox' ? sql<boolean>`true` : told);
  const counted = record === undefined ? all : all.where('record_id', '=', record);
  return (await counted.executeTakeFirstOrThrow()).count;
}

/**
 * The latest edits over all cases: the newest of those cases that moved last. Positions in a log and numbers in a
 * chain have no gaps, so the last ones of a case are a range of the table's key.
 */
export async function latestRows(db: Db, own: DeviceId, limit: number): Promise<readonly LatestRow[]> {
  const { rows } = await sql<LatestRow>`
    WITH latest AS (
      SELECT id, number, title, lead, log_position, own_n FROM cases ORDER BY updated_ms DESC LIMIT ${limit}
    )
    SELECT c.id AS case_id, c.number, c.title, c.lead, ${own} AS device, o.head, o.payload, o.status, o.code, o.at_ms
    FROM latest AS c JOIN outbox AS o ON o.case_id = c.id AND o.n > c.own_n - ${limit}
    UNION ALL
    SELECT c.id, c.number, c.title, c.lead, l.device, l.head, l.payload, l.status, l.code, l.at_ms
    FROM latest AS c JOIN log AS l ON l.case_id = c.id AND l.position > c.log_position - ${limit}
      AND (l.payload_hash IS NULL OR l.status = 'quarantined')
    ORDER BY at_ms DESC LIMIT ${limit}`.execute(db);
  return rows;
}
