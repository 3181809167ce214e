/**
 * One verified page of a case's log into the vault. Three things can become of a record it touches:
 *
 *   - somebody else changed it and nothing of ours is waiting: the new changes are applied on top;
 *   - something of ours is waiting as well: it is computed anew, the log first, ours on top;
 *   - one of ours came back refused, or with another clock: likewise.
 */
import type { Kysely } from 'kysely';
import type { DeviceId, RecordId } from '../../../shared/ids.ts';
import { observe, type Stamp, zeroStamp } from '../../../shared/sync/clock.ts';
import { batch } from '../vault/dialect.ts';
import { accessColumns } from './caseAccess.ts';
import { type CaseRow, caseOrNew } from './caseRow.ts';
import { takeBack } from './held.ts';
import type { AppliedPage, VerifiedPage } from './logPort.ts';
import { makeRoom } from './makeRoom.ts';
import { mergeRecords } from './mergeRecords.ts';
import { readMeta, writeMeta } from './meta.ts';
import {
  assertContinues,
  assertOwn,
  counts,
  entriesOf,
  isOutdated,
  type PageEntry,
  type Waiting,
} from './pageEntries.ts';
import { headPosition } from './pushed.ts';
import { insertLogRows, insertSegmentRows, logRow, segmentRows } from './rows.ts';
import type { VaultTables } from './tables.ts';

/** A page that fits what is here; only writing it is left. */
export interface FittingPage {
  readonly verified: VerifiedPage;
  readonly entries: readonly PageEntry[];
  readonly own: readonly PageEntry[];
  readonly waiting: Waiting;
  readonly row: CaseRow;
  readonly isNew: boolean;
}

/**
 * Reads what the page meets here. Writes nothing.
 * @throws TmaError `service.log-contradicts`, `change.chain-broken`, `service.answer-invalid`.
 */
export async function fitPage(
  tx: Kysely<VaultTables>,
  ownDevice: DeviceId,
  verified: VerifiedPage,
): Promise<FittingPage> {
  const { row, isNew } = await caseOrNew(tx, verified.page.case);
  const entries = entriesOf(verified);
  assertContinues(verified.anew ? 0 : row.log_position, entries, verified.cursor.position);
  const own = entries.filter(({ device }) => device === ownDevice);
  const waiting = await readWaiting(tx, row, own);
  assertOwn(own, { waiting, lastN: row.own_n });
  return { verified, entries, own, waiting, row, isNew };
}

/** `search`: when the texts go into the index; `later` only where the case is marked for it. */
export async function applyPage(
  tx: Kysely<VaultTables>,
  fitting: FittingPage,
  search: 'now' | 'later',
): Promise<AppliedPage> {
  const { verified, entries, own, waiting, row, isNew } = fitting;
  if (verified.anew) await makeRoom(tx, row.id);
  await clearWaiting(tx, row, waiting);
  const heldBefore = await takeBack(tx, row.id, entries);
  await batch(
    tx,
    insertLogRows,
    entries.map((one) => logRow(row.id, one)),
  );
  await batch(tx, insertSegmentRows, segmentRows(verified.page));
  await observeClock(
    tx,
    entries.map(({ effective }) => effective),
  );

  // What is in the records already need not be applied again.
  const known = new Set(own.filter(({ point }) => waiting.has(point.n)));
  const arrived = entries.filter((one) => counts(one) && (verified.anew || !known.has(one)));
  const outdated = own.filter((one) => isOutdated(one, waiting.get(one.point.n)));
  const recompute = new Set([...heldBefore, ...outdated.map(({ head }) => head.record)]);
  const stillWaiting = await recordsWaiting(tx, row);
  for (const { head } of arrived) if (stillWaiting.has(head.record)) recompute.add(head.record);
  if (isNew || verified.anew) for (const record of stillWaiting) recompute.add(record);

  const renumbered = row.number !== verified.page.number;
  await mergeRecords(tx, { row: moveOn(row, verified), arrived, recompute, renumbered, search });
  const readsAnew = verified.anew || row.access !== accessColumns(verified.page.access).access;
  const changed = arrived.length > 0 || recompute.size > 0 || renumbered || readsAnew;
  return { caseId: row.id, changed, entries: entries.length };
}

/** How the own changes that come back stand in the outbox. */
async function readWaiting(
  tx: Kysely<VaultTables>,
  row: CaseRow,
  own: readonly PageEntry[],
): Promise<Waiting> {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await tx
    .selectFrom('outbox')
    .select(['n', 'hash', 'status', 'at_ms', 'at_counter'])
    .where('case_id', '=', row.id)
    .where('n', '>=', first.point.n)
    .where('n', '<=', last.point.n)
    .execute();
  return new Map(
    rows.map(({ n, hash, status, at_ms, at_counter }) => [
      n,
      { hash, isCounted: status !== 'quarantined', at: [at_ms, at_counter] },
    ]),
  );
}

/** They are in the log from now on. */
async function clearWaiting(tx: Kysely<VaultTables>, row: CaseRow, waiting: Waiting): Promise<void> {
  if (waiting.size === 0) return;
  await tx
    .deleteFrom('outbox')
    .where('case_id', '=', row.id)
    .where('n', 'in', [...waiting.keys()])
    .execute();
}

async function recordsWaiting(tx: Kysely<VaultTables>, row: CaseRow): Promise<ReadonlySet<RecordId>> {
  const rows = await tx
    .selectFrom('outbox')
    .select('record_id')
    .distinct()
    .where('case_id', '=', row.id)
    .where('status', '!=', 'quarantined')
    .union(tx.selectFrom('held').select('record_id').where('case_id', '=', row.id))
    .execute();
  return new Set(rows.map(({ record_id }) => record_id));
}

function moveOn(row: CaseRow, { page, cursor }: VerifiedPage): CaseRow {
  const head = page.head.position >= headPosition(row) ? { log_head: JSON.stringify(page.head) } : {};
  return {
    ...row,
    ...head,
    ...accessColumns(page.access),
    number: page.number,
    log_position: cursor.position,
    log_running: cursor.running,
  };
}

/** The laptop's own clock is never behind what it has seen. */
export async function observeClock(tx: Kysely<VaultTables>, seen: readonly Stamp[]): Promise<void> {
  const before = (await readMeta(tx, 'clock')) ?? zeroStamp;
  const after = seen.reduce<Stamp>(observe, before);
  if (after !== before) await writeMeta(tx, 'clock', after);
}
