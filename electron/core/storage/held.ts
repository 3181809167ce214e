/**
 * What the service lost when it was restored from a backup, and this laptop holds: own changes and those of others.
 * It counts as before and waits here until the log has it again:
 *
 *   waiting ──handed in──▶ taken ──comes back with the log──▶ in the log
 *      ▲ │                   or another change stands in its place there: kept here, `apart`, no longer counts
 *      │ └──▶ refused
 *      └────────┘ at the next full exchange
 *
 * What others wrote is handed in as the segments they signed.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import { type ErrorCode, errorCatalogue } from '../../../shared/errors.ts';
import type { CaseId, DeviceId, RecordId } from '../../../shared/ids.ts';
import { withheldChange } from '../../../shared/sync/change.ts';
import type { Segment } from '../../../shared/sync/segment.ts';
import type { SegmentOutcome } from '../../../shared/sync/wire.ts';
import { batch } from '../vault/dialect.ts';
import type { RestoredState, RunLimits } from './logPort.ts';
import type { PageEntry } from './pageEntries.ts';
import type { VaultTables } from './tables.ts';

type Db = Kysely<VaultTables>;
type HeldRow = Pick<Selectable<VaultTables['held']>, 'case_id' | 'device' | 'n'>;

/** Whether anything of a case still has to be handed in before what was written since. */
export async function isHandingIn(tx: Db, caseId: CaseId): Promise<boolean> {
  const one = await tx
    .selectFrom('held')
    .select('n')
    .where('case_id', '=', caseId)
    .where('handed', '=', 'waiting')
    .executeTakeFirst();
  return one !== undefined;
}

/**
 * The next signed segments to hand in, of one case or several, in the order of the log they were in; at least one,
 * however large. Nothing where nothing waits.
 */
export async function heldSegments(tx: Db, limits: RunLimits): Promise<readonly Segment[]> {
  const waiting = await tx
    .selectFrom('held')
    .select(['case_id', 'device', 'n'])
    .where('handed', '=', 'waiting')
    .orderBy('case_id')
    .orderBy('position')
    .limit(limits.maxChanges)
    .execute();
  const segments: Segment[] = [];
  let left = limits;
  for (const row of waiting) {
    if (segments.some((segment) => covers(segment, row))) continue;
    const segment = await segmentOf(tx, row);
    const bytes = bytesOf(segment);
    const fits = segment.changes.length <= left.maxChanges && bytes <= left.maxBytes;
    if (!fits && segments.length > 0) break;
    segments.push(segment);
    left = { maxChanges: left.maxChanges - segment.changes.length, maxBytes: left.maxBytes - bytes };
  }
  return segments;
}

/** A signed segment that a held change is part of; what of it the log has already comes along, or the signature would not fit. */
async function segmentOf(tx: Db, { case_id, device, n }: HeldRow): Promise<Segment> {
  const signed = await tx
    .selectFrom('segments')
    .select(['from_n', 'to_n', 'prev', 'sig'])
    .where('case_id', '=', case_id)
    .where('device', '=', device)
    .where('from_n', '<=', n)
    .where('to_n', '>=', n)
    .orderBy('to_n')
    .orderBy('from_n', 'desc')
    .executeTakeFirstOrThrow();
  const part = (table: 'log' | 'held') =>
    tx
      .selectFrom(table)
      .select(['n', 'head', 'payload', 'salt', 'payload_hash'])
      .where('case_id', '=', case_id)
      .where('device', '=', device)
      .where('n', '>=', signed.from_n)
      .where('n', '<=', signed.to_n);
  const held = part('held').where('handed', '!=', 'apart');
  const rows = await part('log').unionAll(held).orderBy('n').execute();
  const changes = rows.map(({ head, payload, salt, payload_hash: hash }) =>
    hash === null ? { head, payload, salt } : withheldChange(head, hash),
  );
  return { case: case_id, device, from: signed.from_n, prev: signed.prev, changes, sig: signed.sig };
}

function covers(segment: Segment, { case_id, device, n }: HeldRow): boolean {
  const isSame = segment.case === case_id && segment.device === device;
  return isSame && segment.from <= n && n < segment.from + segment.changes.length;
}

function bytesOf({ changes }: Segment): number {
  return changes.reduce((sum, { head, payload }) => sum + Buffer.byteLength(head + payload, 'utf8'), 0);
}

/** What became of segments that were handed in. */
export async function recordHandedIn(
  tx: Db,
  segments: readonly Segment[],
  outcomes: readonly SegmentOutcome[],
): Promise<void> {
  for (const [index, { case: caseId, device, from, changes }] of segments.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    const isTaken = outcome.outcome === 'taken';
    // Busy: stays as it is. A gap is a refusal here: all that could fill it has gone before.
    if (!isTaken && outcome.code !== 'change.gap' && errorCatalogue[outcome.code].retryable) continue;
    const told: { handed: 'taken' | 'refused'; code?: ErrorCode } = isTaken
      ? { handed: 'taken' }
      : { handed: 'refused', code: outcome.code };
    await tx
      .updateTable('held')
      .set(told)
      .where('case_id', '=', caseId)
      .where('device', '=', device)
      .where('n', '>=', from)
      .where('n', '<', from + changes.length)
      .where('handed', '=', 'waiting')
      .execute();
  }
}

/** Those refused are handed in once more. */
export async function releaseHeld(tx: Db): Promise<void> {
  await tx.updateTable('held').set({ handed: 'waiting' }).where('handed', '=', 'refused').execute();
}

/**
 * Takes out of here what a page brings back. Where the log has something else under the number of a held change, its
 * device wrote two pasts: the held one stays, and counts no more.
 * @returns the records that have to be computed anew.
 */
export async function takeBack(
  tx: Db,
  caseId: CaseId,
  entries: readonly PageEntry[],
): Promise<ReadonlySet<RecordId>> {
  const held = await tx
    .selectFrom('held')
    .select(['device', 'n', 'hash', 'record_id'])
    .where('case_id', '=', caseId)
    .where('handed', '!=', 'apart')
    .execute();
  if (held.length === 0) return new Set();
  const here = new Map(held.map((row) => [`${row.device} ${row.n}`, row]));
  const back: (readonly [CaseId, DeviceId, number])[] = [];
  const apart: (readonly [CaseId, DeviceId, number])[] = [];
  const touched = new Set<RecordId>();
  for (const { device, point } of entries) {
    const row = here.get(`${device} ${point.n}`);
    if (row === undefined) continue;
    (row.hash === point.hash ? back : apart).push([caseId, device, point.n]);
    touched.add(row.record_id);
  }
  await batch(
    tx,
    `DELETE FROM held WHERE (case_id, device, n)
       IN (SELECT value->>0, value->>1, value->>2 FROM json_each(?))`,
    back,
  );
  await batch(
    tx,
    `UPDATE held SET handed = 'apart', status = 'quarantined'
     WHERE (case_id, device, n) IN (SELECT value->>0, value->>1, value->>2 FROM json_each(?))`,
    apart,
  );
  return touched;
}

/** How far the restore is made good. `null` where nothing is open. */
export async function restoredState(tx: Db): Promise<RestoredState | null> {
  const { rows } = await sql<{ cases: number; waiting: number; refused: number; missing: number }>`
    WITH open AS (
      SELECT c.id,
        (SELECT count(*) FROM held h WHERE h.case_id = c.id AND h.handed IN ('waiting', 'taken')) AS waiting,
        (SELECT count(*) FROM held h WHERE h.case_id = c.id AND h.handed IN ('refused', 'apart')) AS refused,
        (SELECT count(*) FROM held h WHERE h.case_id = c.id) AS held,
        c.restored_head->>'position' - c.log_position AS short
      FROM cases c WHERE c.restored_head IS NOT NULL)
    SELECT count(*) AS cases, coalesce(sum(waiting), 0) AS waiting, coalesce(sum(refused), 0) AS refused,
      coalesce(sum(max(0, short - held)), 0) AS missing
    FROM open WHERE held > 0 OR short > 0`.execute(tx);
  const [found] = rows;
  return found === undefined || found.cases === 0 ? null : found;
}
