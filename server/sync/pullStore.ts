/** The statements of a pull. All of them see only what the policies let the person see. */
import { type RawBuilder, sql } from 'kysely';
import type { OrgRole } from '../../shared/domain/people.ts';
import type { CaseId, DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import type { Cursor, UserEvent } from '../../shared/sync/wire.ts';
import type { Trx } from '../db/scope.ts';
import type { Tables } from '../db/tables.ts';
import {
  type AccessRow,
  accessColumns,
  accessJoins,
  type CaseReading,
  readingOf,
  readsAll,
} from './reading.ts';

export interface Asker {
  readonly tenant: TenantId;
  readonly user: UserId;
  readonly role: OrgRole;
  readonly device: DeviceId;
}

/** Somebody at a laptop, which is given what they ask for. */
export interface DeviceAsker extends Asker {
  readonly device: DeviceId;
}

export async function userEvents(
  trx: Trx,
  asker: Asker,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly UserEvent[]> {
  return trx
    .selectFrom('user_log')
    .select(['position', 'type', 'case_id as case'])
    .where('tenant_id', '=', asker.tenant)
    .where('user_id', '=', asker.user)
    .where('position', '>', page.after)
    .orderBy('position')
    .limit(page.limit)
    .execute();
}

/** Cases of which the person's own log says, after a position, that they were taken away. */
export async function revokedAfter(trx: Trx, asker: Asker, after: number): Promise<readonly CaseId[]> {
  const rows = await trx
    .selectFrom('user_log')
    .select('case_id')
    .where('tenant_id', '=', asker.tenant)
    .where('user_id', '=', asker.user)
    .where('position', '>', after)
    .where('type', '=', 'revoked')
    .execute();
  return rows.map((row) => row.case_id);
}

/** The cases of which the last thing the person was told after a position is that they may not be seen any more. */
export async function lostCases(trx: Trx, asker: Asker, after: number): Promise<CaseId[]> {
  const { rows } = await sql<{ case_id: CaseId }>`
    select case_id from (
      select distinct on (case_id) case_id, type from user_log
      where tenant_id = ${asker.tenant} and user_id = ${asker.user} and position > ${after}
      order by case_id, position desc
    ) last where type = 'revoked'`.execute(trx);
  return rows.map((row) => row.case_id);
}

export interface CaseAhead {
  readonly caseId: CaseId;
  readonly number: string | null;
  readonly position: number;
  readonly running: Uint8Array;
  readonly wrappedKey: Uint8Array | null;
  /** What of it the person reads. */
  readonly reading: CaseReading;
  /** They read something else of it than when the cursor got there. */
  readonly anew: boolean;
}

type AheadRow = Omit<CaseAhead, 'reading' | 'anew'> & AccessRow;

/** What is looked at: every case the person may see, or those that may have changed since a mark. */
export interface Since {
  readonly mark: string;
  /** Position in the person's own log: what was granted after it is new. */
  readonly userCursor: number;
}

/**
 * The cases the person may see whose log is not where their cursor stands, or of which they read something else than
 * when they got there, most recently changed first.
 */
export async function casesAhead(
  trx: Trx,
  asker: Asker,
  cursors: ReadonlyMap<CaseId, Cursor>,
  since?: Since,
): Promise<readonly CaseAhead[]> {
  const held = [...cursors];
  const ids = held.map(([id]) => id);
  const seen = since === undefined ? everySeen(asker) : changedSeen(asker, ids, since);
  const { rows } = await sql<AheadRow>`
    with seen as (${seen})
    select c.case_id as "caseId", c.number, c.position, c.running, c.wrapped_key as "wrappedKey",
      ${accessColumns(asker)}
    from seen join cases c on c.tenant_id = ${asker.tenant} and c.case_id = seen.case_id ${accessJoins(asker)}
    left join unnest(${ids}::uuid[], ${held.map(([, cursor]) => cursor.position)}::int[],
      ${held.map(([, cursor]) => bytesOf(cursor.running))}::bytea[],
      ${held.map(([, cursor]) => cursor.grant ?? 1)}::int[]) as held(case_id, position, running, epoch)
      on held.case_id = c.case_id
    where held.case_id is null or held.position <> c.position or held.running <> c.running
      or held.epoch <> coalesce(g.epoch, 1)
    order by c.changed_ms desc, c.case_id`.execute(trx);
  return rows.map(({ caseId, number, position, running, wrappedKey, ...row }) => {
    const reading = readingOf(row);
    const cursor = cursors.get(caseId);
    const anew = cursor !== undefined && cursor.position > 0 && !isUnder(reading, cursor);
    return { caseId, number, position, running, wrappedKey, reading, anew };
  });
}

/** A laptop that was told of no grant has led the case since it began, or is of a program that knows none: it has all. */
function isUnder(reading: CaseReading, { grant }: Cursor): boolean {
  return grant === undefined ? readsAll(reading) : grant === reading.access.grant;
}

function everySeen({ tenant, user, role }: Asker): RawBuilder<unknown> {
  return sql`
    select case_id from grants where tenant_id = ${tenant} and user_id = ${user}
    union
    select case_id from case_index where tenant_id = ${tenant} and ${role} = 'intake'
      and status in ('received', 'triage', 'rejected', 'referred')`;
}

function changedSeen(
  { tenant, user, role }: Asker,
  named: readonly CaseId[],
  since: Since,
): RawBuilder<unknown> {
  return sql`
    select changed.case_id from (
      select case_id from case_marks where tenant_id = ${tenant} and changed_by >= ${since.mark}::xid8
      union
      select case_id from user_log where tenant_id = ${tenant} and user_id = ${user}
        and position > ${since.userCursor} and type = 'granted'
      union
      select unnest(${named}::uuid[])
    ) changed
    where exists (select from grants g
        where g.tenant_id = ${tenant} and g.case_id = changed.case_id and g.user_id = ${user})
      or exists (select from case_index i
        where i.tenant_id = ${tenant} and i.case_id = changed.case_id and ${role} = 'intake'
          and i.status in ('received', 'triage', 'rejected', 'referred'))`;
}

/**
 * The mark of this moment: every transaction that is not to be seen in the snapshot at hand has this id or a later
 * one. `end` is the first id that nobody has yet: a mark beyond it was made by another database.
 */
export async function markOf(trx: Trx): Promise<{ readonly mark: string; readonly end: string }> {
  const { rows } = await sql<{ mark: string; end: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as mark,
      pg_snapshot_xmax(pg_current_snapshot())::text as end`.execute(trx);
  const [found] = rows;
  if (found === undefined) throw new Error('a snapshot has bounds');
  return found;
}

export interface CasePoint {
  readonly caseId: CaseId;
  readonly position: number;
}

/** The running hashes of the logs at these positions; a position the log does not have is missing. */
export async function runningAt(
  trx: Trx,
  tenant: TenantId,
  points: readonly CasePoint[],
): Promise<ReadonlyMap<CaseId, Uint8Array>> {
  const { rows } = await sql<{ case_id: CaseId; running: Uint8Array }>`
    select c.case_id, c.running
    from unnest(${points.map((p) => p.caseId)}::uuid[], ${points.map((p) => p.position)}::int[])
      as wanted(case_id, position)
    join changes c on c.tenant_id = ${tenant} and c.case_id = wanted.case_id and c.position = wanted.position
  `.execute(trx);
  return new Map(rows.map((row) => [row.case_id, row.running]));
}

export interface StoredRun {
  readonly caseId: CaseId;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly device: DeviceId;
  readonly n: number;
  readonly signedFrom: number;
  readonly signedTo: number;
  readonly prev: Uint8Array;
  readonly sig: Uint8Array;
  readonly bytes: number;
}

/** The signed runs that hold what comes after these positions, case by case in the order asked for. */
export async function runsAfter(
  trx: Trx,
  tenant: TenantId,
  wanted: { readonly after: readonly CasePoint[]; readonly perCase: number },
): Promise<readonly StoredRun[]> {
  const { after, perCase } = wanted;
  const { rows } = await sql<StoredRun>`
    select wanted.case_id as "caseId", s.first_position as "firstPosition", s.last_position as "lastPosition",
      s.device_id as device, s.n, s.signed_from as "signedFrom", s.signed_to as "signedTo", s.prev, s.sig, s.bytes
    from unnest(${after.map((p) => p.caseId)}::uuid[], ${after.map((p) => p.position)}::int[])
      with ordinality as wanted(case_id, position, ord)
    cross join lateral (
      select s.first_position, s.last_position, s.device_id, s.n, s.signed_from, s.signed_to, s.prev, s.sig, s.bytes
      from segments s where s.tenant_id = ${tenant} and s.case_id = wanted.case_id
        and s.first_position >= coalesce((select max(f.first_position) from segments f
          where f.tenant_id = ${tenant} and f.case_id = wanted.case_id
            and f.first_position <= wanted.position + 1), 1)
      order by s.first_position limit ${perCase}
    ) s
    where s.last_position > wanted.position
    order by wanted.ord, s.first_position`.execute(trx);
  return rows;
}

export interface LogRange {
  readonly caseId: CaseId;
  readonly from: number;
  readonly to: number;
}

export type StoredChange = Pick<
  Tables['changes'],
  | 'case_id'
  | 'position'
  | 'head'
  | 'sealed'
  | 'payload_hash'
  | 'status'
  | 'code'
  | 'effective_ms'
  | 'effective_count'
  | 'received_ms'
  | 'running'
>;

/** The changes in these ranges, by case and position. */
export async function changesIn(
  trx: Trx,
  tenant: TenantId,
  ranges: readonly LogRange[],
): Promise<readonly StoredChange[]> {
  const { rows } = await sql<StoredChange>`
    select c.case_id, c.position, c.head, c.sealed, c.payload_hash, c.status, c.code, c.effective_ms, c.effective_count,
      c.received_ms, c.running
    from unnest(${ranges.map((r) => r.caseId)}::uuid[], ${ranges.map((r) => r.from)}::int[],
      ${ranges.map((r) => r.to)}::int[]) as wanted(case_id, first, last)
    join changes c on c.tenant_id = ${tenant} and c.case_id = wanted.case_id
      and c.position between wanted.first and wanted.last
    order by c.case_id, c.position`.execute(trx);
  return rows;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
