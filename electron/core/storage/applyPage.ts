/**
 * One verified page of a case's log into the vault. Three things can become of a record it touches:
 *
 *   - somebody else changed it and nothing of ours is waiting: the new changes are applied on top;
 *   - something of ours is waiting as well: it is computed anew, the log first, ours on top;
 *   - one of ours came back refused, or with another clock: likewise.
 */
import type { Kysely } from 'kysely';
import { TmaError } from '../../../shared/errors.ts';
import type { DeviceId, RecordId } from '../../../shared/ids.ts';
import type { ChainPoint, SealedChange } from '../../../shared/sync/change.ts';
import { compareStamps, observe, type Stamp, zeroStamp } from '../../../shared/sync/clock.ts';
import type { LogEntry } from '../../../shared/sync/log.ts';
import type { Arrived } from '../../../shared/sync/merge.ts';
import { batch } from '../vault/dialect.ts';
import { type CaseRow, caseOrNew } from './caseRow.ts';
import type { AppliedPage, VerifiedPage } from './logPort.ts';
import { mergeRecords } from './mergeRecords.ts';
import { readMeta, writeMeta } from './meta.ts';
import { headPosition } from './pushed.ts';
import type { VaultTables } from './tables.ts';

/** One line of the page, everything about it together. */
interface PageEntry extends Arrived {
  readonly sealed: SealedChange;
  readonly point: ChainPoint;
  readonly entry: LogEntry;
}

export async function applyPage(
  tx: Kysely<VaultTables>,
  ownDevice: DeviceId,
  verified: VerifiedPage,
): Promise<AppliedPage> {
  const { page, cursor } = verified;
  const { row, isNew } = await caseOrNew(tx, page.case);
  const entries = entriesOf(verified);
  assertContinues(row, entries, cursor.position);

  const own = entries.filter(({ device }) => device === ownDevice);
  const waiting = await takeFromOutbox(tx, row, own);
  await insertLog(tx, row, entries);
  await insertSegments(tx, verified);
  await observeClock(tx, entries);

  // What is in the records already need not be applied again.
  const isKnown = (one: PageEntry) => one.device === ownDevice && waiting.has(one.point.n);
  const arrived = entries.filter((one) => one.entry.status === 'applied' && !isKnown(one));
  const outdated = own.filter((one) => isOutdated(one, waiting.get(one.point.n)));
  const recompute = new Set(outdated.map(({ head }) => head.record));
  const stillWaiting = await recordsWaiting(tx, row);
  for (const { head } of arrived) if (stillWaiting.has(head.record)) recompute.add(head.record);
  if (isNew) for (const record of stillWaiting) recompute.add(record);

  const renumbered = row.number !== page.number;
  await mergeRecords(tx, { row: moveOn(row, own, verified), arrived, recompute, renumbered });
  const changed = arrived.length > 0 || recompute.size > 0 || renumbered;
  return { caseId: page.case, changed, entries: entries.length };
}

function entriesOf({ page, points, changes }: VerifiedPage): readonly PageEntry[] {
  return page.runs.flatMap((run, r) =>
    run.changes.map((sealed, i) => {
      const point = points[r]?.[i];
      const change = changes[r]?.[i];
      const entry = run.entries[i];
      if (point === undefined || change === undefined || entry === undefined) {
        throw new TmaError('service.answer-invalid');
      }
      return { ...change, device: run.device, effective: entry.effective, sealed, point, entry };
    }),
  );
}

function assertContinues(row: CaseRow, entries: readonly PageEntry[], end: number): void {
  const isGapless = entries.every(({ entry }, i) => entry.position === row.log_position + 1 + i);
  if (!isGapless || end !== row.log_position + entries.length) {
    throw new TmaError('service.log-contradicts', { position: row.log_position });
  }
}

type Waiting = ReadonlyMap<number, { readonly status: string; readonly at: Stamp }>;

/** Takes the own changes that came back out of the outbox and says how they stood there. */
async function takeFromOutbox(
  tx: Kysely<VaultTables>,
  row: CaseRow,
  own: readonly PageEntry[],
): Promise<Waiting> {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await tx
    .deleteFrom('outbox')
    .where('case_id', '=', row.id)
    .where('n', '>=', first.point.n)
    .where('n', '<=', last.point.n)
    .returning(['n', 'hash', 'status', 'at_ms', 'at_counter'])
    .execute();
  const hashes = new Map(own.map(({ point }) => [point.n, point.hash]));
  for (const { n, hash } of rows) {
    if (hashes.get(n) !== hash) throw new TmaError('change.chain-broken', { n });
  }
  return new Map(rows.map((one) => [one.n, { status: one.status, at: [one.at_ms, one.at_counter] }]));
}

/** Whether the record holds something else than what the log now says about an own change. */
function isOutdated(one: PageEntry, waiting: { status: string; at: Stamp } | undefined): boolean {
  if (waiting === undefined) return false;
  const counted = waiting.status !== 'quarantined';
  const counts = one.entry.status === 'applied';
  return counted !== counts || (counts && compareStamps(waiting.at, one.effective) !== 0);
}

async function recordsWaiting(tx: Kysely<VaultTables>, row: CaseRow): Promise<ReadonlySet<RecordId>> {
  const rows = await tx
    .selectFrom('outbox')
    .select('record_id')
    .distinct()
    .where('case_id', '=', row.id)
    .where('status', '!=', 'quarantined')
    .execute();
  return new Set(rows.map(({ record_id }) => record_id));
}

function moveOn(row: CaseRow, own: readonly PageEntry[], { page, cursor }: VerifiedPage): CaseRow {
  const last = own.at(-1)?.point;
  const chain = last !== undefined && last.n > row.own_n ? { own_n: last.n, own_hash: last.hash } : {};
  const head = page.head.position >= headPosition(row) ? { log_head: JSON.stringify(page.head) } : {};
  return {
    ...row,
    ...chain,
    ...head,
    number: page.number,
    log_position: cursor.position,
    log_running: cursor.running,
  };
}

async function observeClock(tx: Kysely<VaultTables>, entries: readonly PageEntry[]): Promise<void> {
  const before = (await readMeta(tx, 'clock')) ?? zeroStamp;
  const after = entries.reduce<Stamp>((clock, { effective }) => observe(clock, effective), before);
  if (after !== before) await writeMeta(tx, 'clock', after);
}

const insertEntries = `
  INSERT INTO log (case_id, position, change_id, record_id, device, n, hash, head, payload, salt, status, code,
                   at_ms, at_counter, received_ms)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8,
         value->>9, value->>10, value->>11, value->>12, value->>13, value->>14
  FROM json_each(?)`;

async function insertLog(
  tx: Kysely<VaultTables>,
  row: CaseRow,
  entries: readonly PageEntry[],
): Promise<void> {
  const rows = entries.map(({ head, device, effective, sealed, point, entry }) => [
    row.id,
    entry.position,
    head.id,
    head.record,
    device,
    point.n,
    point.hash,
    sealed.head,
    sealed.payload,
    sealed.salt,
    entry.status,
    entry.code ?? null,
    effective[0],
    effective[1],
    entry.receivedAtMs,
  ]);
  if (rows.length > 0) await batch(tx, insertEntries, rows);
}

const insertSignatures = `
  INSERT INTO segments (case_id, device, from_n, to_n, prev, sig)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?) WHERE true
  ON CONFLICT DO NOTHING`;

async function insertSegments(tx: Kysely<VaultTables>, { page }: VerifiedPage): Promise<void> {
  const rows = page.runs.map(({ device, signed }) => [
    page.case,
    device,
    signed.from,
    signed.to,
    signed.prev,
    signed.sig,
  ]);
  if (rows.length > 0) await batch(tx, insertSignatures, rows);
}
