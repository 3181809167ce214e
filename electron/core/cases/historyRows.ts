/**
 * The rows a history is told from: what waits (outbox), then the log. Each table is read backwards along an index and
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
  const { caseId, record, offset, limit } = query;
  const waiting = db
    .selectFrom('outbox')
    .select((of) => [of.val(own).as('device'), 'head', 'payload', 'status', 'code', 'at_ms'])
    .where('case_id', '=', caseId)
    .orderBy('n', 'desc')
    .limit(limit)
    .offset(offset);
  const first = await (record === undefined ? waiting : waiting.where('record_id', '=', record)).execute();
  if (first.length === limit) return first;
  // Where the outbox is passed over whole, how long it is has to be counted.
  const isCounted = offset === 0 || first.length > 0;
  const skipped = isCounted ? offset + first.length : await countRows(db, 'outbox', caseId, record);
  const logged = db
    .selectFrom('log')
    .select(['device', 'head', 'payload', 'status', 'code', 'at_ms'])
    .where('case_id', '=', caseId)
    .orderBy('position', 'desc')
    .limit(limit - first.length)
    .offset(Math.max(0, offset - skipped));
  const rest = await (record === undefined ? logged : logged.where('record_id', '=', record)).execute();
  return [...first, ...rest];
}

export async function countRows(
  db: Db,
  table: 'log' | 'outbox',
  caseId: CaseId,
  record: RecordId | undefined,
): Promise<number> {
  const all = db
    .selectFrom(table)
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('case_id', '=', caseId);
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
    ORDER BY at_ms DESC LIMIT ${limit}`.execute(db);
  return rows;
}
