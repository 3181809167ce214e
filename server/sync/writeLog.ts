/** Writes what a push adds to the log of a case, and what follows from it: one statement, however much it is. */
import { sql } from 'kysely';
import type { ChangeId, DeviceId } from '../../shared/ids.ts';
import type { LogEntry } from '../../shared/sync/log.ts';
import { base64Urls, bigints, byteas, integers, texts, uuids } from '../db/arrays.ts';
import type { Trx } from '../db/scope.ts';
import type { CasePlace, StoredRecord } from './caseStore.ts';

export interface NewChange {
  readonly entry: LogEntry;
  readonly running: string;
  readonly changeId: ChangeId;
  readonly n: number;
  readonly hash: string;
  readonly headText: string;
  readonly payloadHash: Uint8Array;
  readonly sealed: Uint8Array;
}

export interface NewRun {
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly n: number;
  readonly signedFrom: number;
  readonly signedTo: number;
  readonly prev: string;
  readonly sig: string;
  readonly bytes: number;
}

export interface LogAddition {
  /** In the order of the log, without a gap, all received at the same time. */
  readonly changes: readonly NewChange[];
  readonly runs: readonly NewRun[];
  /** Records that are not as they were, merged up to `position`. */
  readonly records: readonly StoredRecord[];
  readonly position: number;
  readonly receivedAtMs: number;
}

export async function writeLog(
  trx: Trx,
  place: CasePlace & { readonly device: DeviceId },
  { changes, runs, records, position, receivedAtMs }: LogAddition,
): Promise<void> {
  const { tenant, caseId, device } = place;
  const first = position - changes.length;
  await sql`
    with added as (
      insert into changes (tenant_id, case_id, device_id, position, change_id, n, hash, running, head, payload_hash,
        sealed, status, code, effective_ms, effective_count, received_ms)
      select ${tenant}::uuid, ${caseId}::uuid, ${device}::uuid, ${first}::int + new.ord::int, new.id, new.n, new.hash,
        new.running, new.head, new.payload_hash, new.sealed,
        case when new.code is null then 'applied' else 'quarantined' end, new.code, new.ms, new.count,
        ${receivedAtMs}::bigint
      from unnest(${uuids(changes.map((c) => c.changeId))}::uuid[], ${integers(changes.map((c) => c.n))}::int[],
        ${base64Urls(changes.map((c) => c.hash))}::bytea[], ${base64Urls(changes.map((c) => c.running))}::bytea[],
        ${texts(changes.map((c) => c.headText))}::text[], ${byteas(changes.map((c) => c.payloadHash))}::bytea[],
        ${byteas(changes.map((c) => c.sealed))}::bytea[], ${texts(changes.map((c) => c.entry.code ?? null))}::text[],
        ${bigints(changes.map((c) => c.entry.effective[0]))}::bigint[],
        ${bigints(changes.map((c) => c.entry.effective[1]))}::bigint[])
        with ordinality as new(id, n, hash, running, head, payload_hash, sealed, code, ms, count, ord)
    ), signed as (
      insert into segments (tenant_id, case_id, device_id, first_position, last_position, n, signed_from, signed_to,
        prev, sig, bytes)
      select ${tenant}::uuid, ${caseId}::uuid, ${device}::uuid, *
      from unnest(${integers(runs.map((r) => r.firstPosition))}::int[],
        ${integers(runs.map((r) => r.lastPosition))}::int[], ${integers(runs.map((r) => r.n))}::int[],
        ${integers(runs.map((r) => r.signedFrom))}::int[], ${integers(runs.map((r) => r.signedTo))}::int[],
        ${base64Urls(runs.map((r) => r.prev))}::bytea[], ${base64Urls(runs.map((r) => r.sig))}::bytea[],
        ${integers(runs.map((r) => r.bytes))}::int[])
    )
    insert into records (tenant_id, case_id, record_id, kind, state, position)
    select ${tenant}::uuid, ${caseId}::uuid, new.id, new.kind, new.state, ${position}::int
    from unnest(${uuids(records.map((r) => r.id))}::uuid[], ${texts(records.map((r) => r.kind))}::text[],
      ${byteas(records.map((r) => r.state))}::bytea[]) as new(id, kind, state)
    on conflict (tenant_id, case_id, record_id)
      do update set state = excluded.state, position = excluded.position`.execute(trx);
}
