/** The statements of a push on the one case that its transaction has in hand. */
import { sql } from 'kysely';
import { toBase64Url } from '../../shared/bytes.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { CaseId, ChangeId, DeviceId, RecordId, TenantId, UserId } from '../../shared/ids.ts';
import type { ChangeStatus, LogHead } from '../../shared/sync/log.ts';
import type { Trx } from '../db/scope.ts';

export interface CasePlace {
  readonly tenant: TenantId;
  readonly caseId: CaseId;
}

export interface CaseRow {
  readonly number: string | null;
  readonly creator: UserId;
  readonly head: LogHead;
  readonly wrappedKey: Uint8Array | null;
}

/** The case's row, locked until the transaction ends; positions are given under this lock. */
export async function lockCase(trx: Trx, { tenant, caseId }: CasePlace): Promise<CaseRow | undefined> {
  const row = await trx
    .selectFrom('cases')
    .select(['number', 'creator', 'position', 'running', 'wrapped_key'])
    .where('tenant_id', '=', tenant)
    .where('case_id', '=', caseId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const head = { position: row.position, running: toBase64Url(row.running) };
  return { number: row.number, creator: row.creator, head, wrappedKey: row.wrapped_key };
}

export interface NewCase extends CasePlace {
  readonly creator: UserId;
  readonly wrappedKey: Uint8Array;
  readonly nowMs: number;
}

/** False when another push made the case at the same time. */
export async function insertCase(trx: Trx, made: NewCase): Promise<boolean> {
  const { rows } = await sql`
    insert into cases (tenant_id, case_id, creator, created_at, position, running, changed_ms, wrapped_key)
    values (${made.tenant}, ${made.caseId}, ${made.creator}, ${new Date(made.nowMs)}, 0,
      ${Buffer.alloc(32)}, ${made.nowMs}, ${Buffer.from(made.wrappedKey)})
    on conflict (tenant_id, case_id) do nothing returning 1`.execute(trx);
  return rows.length > 0;
}

/** The next number of the year, `2026-0147`; the row stays locked until the commit, so there are no gaps. */
export async function takeNumber(trx: Trx, tenant: TenantId, year: number): Promise<string> {
  const { rows } = await sql<{ last: number }>`
    insert into case_numbers (tenant_id, year, last) values (${tenant}, ${year}, 1)
    on conflict (tenant_id, year) do update set last = case_numbers.last + 1 returning last`.execute(trx);
  return `${year}-${String(rows[0]?.last).padStart(4, '0')}`;
}

export interface KnownChange {
  readonly n: number;
  readonly hash: string;
  readonly position: number;
  readonly status: ChangeStatus;
  readonly code: ErrorCode | null;
  readonly receivedAtMs: number;
}

export interface ChainRange {
  readonly from: number;
  readonly to: number;
}

/** What the log holds of a device's chain within these ranges, by number. */
export async function knownChanges(
  trx: Trx,
  place: CasePlace & { readonly device: DeviceId },
  ranges: readonly ChainRange[],
): Promise<Map<number, KnownChange>> {
  const { rows } = await sql<Omit<KnownChange, 'hash'> & { hash: Uint8Array }>`
    select c.n, c.hash, c.position, c.status, c.code, c.received_ms as "receivedAtMs"
    from unnest(${ranges.map((range) => range.from)}::int[], ${ranges.map((range) => range.to)}::int[])
      as wanted(first, last)
    join changes c on c.tenant_id = ${place.tenant} and c.case_id = ${place.caseId}
      and c.device_id = ${place.device} and c.n between wanted.first and wanted.last`.execute(trx);
  return new Map(rows.map((row) => [row.n, { ...row, hash: toBase64Url(row.hash) }]));
}

export interface StoredRecord {
  readonly id: RecordId;
  readonly kind: string;
  readonly state: Uint8Array;
}

/** The named records, and with `members` all that say who is on the team. */
export async function loadRecords(
  trx: Trx,
  place: CasePlace,
  wanted: { readonly ids: readonly RecordId[]; readonly members: boolean },
): Promise<readonly StoredRecord[]> {
  return trx
    .selectFrom('records')
    .select(['record_id as id', 'kind', 'state'])
    .where('tenant_id', '=', place.tenant)
    .where('case_id', '=', place.caseId)
    .where((where) => {
      const named = where('record_id', '=', sql<RecordId>`any(${wanted.ids}::uuid[])`);
      return wanted.members ? where.or([named, where('kind', '=', 'member')]) : named;
    })
    .execute();
}

/** What some applied changes of the case say, still sealed. */
export async function loadChanges(
  trx: Trx,
  place: CasePlace,
  ids: readonly ChangeId[],
): Promise<readonly { change_id: ChangeId; position: number; sealed: Uint8Array }[]> {
  return trx
    .selectFrom('changes')
    .select(['change_id', 'position', 'sealed'])
    .where('tenant_id', '=', place.tenant)
    .where('case_id', '=', place.caseId)
    .where('change_id', '=', sql<ChangeId>`any(${ids}::uuid[])`)
    .where('status', '=', 'applied')
    .execute();
}

export interface HeadUpdate {
  readonly head: LogHead;
  readonly sig: string;
  readonly number: string;
  readonly nowMs: number;
}

export async function putHead(trx: Trx, place: CasePlace, update: HeadUpdate): Promise<void> {
  const { head, sig, number, nowMs } = update;
  await sql`
    with moved as (
      update cases set position = ${head.position}, running = ${bytesOf(head.running)}, number = ${number},
        changed_ms = ${nowMs}
      where tenant_id = ${place.tenant} and case_id = ${place.caseId}
    )
    insert into signed_heads (tenant_id, case_id, position, running, sig, signed_ms)
    values (${place.tenant}, ${place.caseId}, ${head.position}, ${bytesOf(head.running)}, ${bytesOf(sig)}, ${nowMs})
  `.execute(trx);
}

/** The bytes of a text that was checked to be base64url when it came in. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
