/** Own changes from the outbox into the log, once the answer to their push has told their places. */
import { CompiledQuery, type Kysely } from 'kysely';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { compareStamps, toleranceMs } from '../../../shared/sync/clock.ts';
import type { SettledRun } from '../sync/settled.ts';
import { batch } from '../vault/dialect.ts';
import type { CaseRow } from './caseRow.ts';
import type { VaultTables } from './tables.ts';

/** What came in at one time, whole and by clocks that counted as they were: the usual answer. */
const moveAllIntoLog = `
  INSERT INTO log (case_id, position, record_id, device, n, hash, head, payload, salt, status, at_ms, at_counter,
                   received_ms)
  SELECT case_id, n + ?, record_id, ?, n, hash, head, payload, salt, 'applied', at_ms, at_counter, ?
  FROM outbox WHERE case_id = ? AND n >= ? AND n <= ? ORDER BY n`;

/** The texts stay where they were written: nothing of them is read here. */
const moveIntoLog = `
  INSERT INTO log (case_id, position, record_id, device, n, hash, head, payload, salt, status, code,
                   at_ms, at_counter, received_ms)
  SELECT o.case_id, j.value->>2, o.record_id, j.value->>1, o.n, o.hash, o.head, o.payload, o.salt, j.value->>4,
         j.value->>5, j.value->>6, j.value->>7, j.value->>8
  FROM json_each(?) AS j JOIN outbox AS o ON o.case_id = j.value->>0 AND o.n = j.value->>3`;

const insertSignature = `
  INSERT INTO segments (case_id, device, from_n, to_n, prev, sig)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?) WHERE true
  ON CONFLICT DO NOTHING`;

/**
 * Moves a run of own changes into the log.
 * @returns the records that no longer follow from what is here; `undefined`, with nothing moved, where the log or the
 *   outbox is not as it was when the run was judged.
 */
export async function settle(
  tx: Kysely<VaultTables>,
  row: CaseRow,
  run: SettledRun,
): Promise<ReadonlySet<RecordId> | undefined> {
  const { after, entries, n: first, device, signed } = run;
  if (row.log_position !== after.position || row.log_running !== after.running) return undefined;
  const last = first + entries.length - 1;
  const receivedAtMs = await receivedAtOnce(tx, row.id, run);
  let outdated: ReadonlySet<RecordId> = new Set();
  if (receivedAtMs === undefined) {
    const found = await judged(tx, row.id, run);
    if (found === undefined) return undefined;
    await batch(tx, moveIntoLog, found.rows);
    outdated = found.outdated;
  } else {
    const shift = after.position + 1 - first;
    const query = CompiledQuery.raw(moveAllIntoLog, [shift, device, receivedAtMs, row.id, first, last]);
    await tx.executeQuery(query);
  }
  await tx
    .deleteFrom('outbox')
    .where('case_id', '=', row.id)
    .where('n', '>=', first)
    .where('n', '<=', last)
    .execute();
  await batch(tx, insertSignature, [[row.id, device, signed.from, signed.to, signed.prev, signed.sig]]);
  return outdated;
}

/**
 * When the run was received, where all of it was at once, all of it counts, and so does the outbox, by the same clocks;
 * `undefined` where each change has to be looked at.
 */
async function receivedAtOnce(
  tx: Kysely<VaultTables>,
  caseId: CaseId,
  { entries, n: first }: SettledRun,
): Promise<number | undefined> {
  const receivedAtMs = entries[0]?.receivedAtMs;
  const isAtOnce = entries.every((one) => one.status === 'applied' && one.receivedAtMs === receivedAtMs);
  if (receivedAtMs === undefined || !isAtOnce) return undefined;
  const here = await tx
    .selectFrom('outbox')
    .select((of) => [of.fn.countAll<number>().as('count'), of.fn.max('at_ms').as('latestMs')])
    .where('case_id', '=', caseId)
    .where('n', '>=', first)
    .where('n', '<=', first + entries.length - 1)
    .where('status', '!=', 'quarantined')
    .executeTakeFirstOrThrow();
  const isHere = here.count === entries.length && here.latestMs <= receivedAtMs + toleranceMs;
  return isHere ? receivedAtMs : undefined;
}

interface Judged {
  /** For the log, as {@link moveIntoLog} takes them. */
  readonly rows: readonly unknown[];
  /** Records that counted otherwise. */
  readonly outdated: ReadonlySet<RecordId>;
}

/** Each change by itself; `undefined` where some are not in the outbox. */
async function judged(
  tx: Kysely<VaultTables>,
  caseId: CaseId,
  { entries, n: first, device }: SettledRun,
): Promise<Judged | undefined> {
  const here = await tx
    .selectFrom('outbox')
    .select(['n', 'record_id', 'status', 'at_ms', 'at_counter'])
    .where('case_id', '=', caseId)
    .where('n', '>=', first)
    .where('n', '<=', first + entries.length - 1)
    .orderBy('n')
    .execute();
  if (here.length !== entries.length) return undefined;
  const outdated = new Set<RecordId>();
  const rows = entries.map(({ position, status, code, effective, receivedAtMs }, i) => {
    const own = here[i];
    const counted = own?.status !== 'quarantined';
    const isSame =
      counted === (status === 'applied') &&
      compareStamps([own?.at_ms ?? 0, own?.at_counter ?? 0], effective) === 0;
    if (own !== undefined && !isSame) outdated.add(own.record_id);
    return [caseId, device, position, first + i, status, code ?? null, ...effective, receivedAtMs];
  });
  return { rows, outdated };
}
