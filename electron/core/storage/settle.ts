/** Own changes from the outbox into the log, once the answer to their push has told their places. */
import type { Kysely } from 'kysely';
import type { RecordId } from '../../../shared/ids.ts';
import { compareStamps } from '../../../shared/sync/clock.ts';
import type { SettledRun } from '../sync/settled.ts';
import { batch } from '../vault/dialect.ts';
import type { CaseRow } from './caseRow.ts';
import type { VaultTables } from './tables.ts';

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
  const here = await tx
    .selectFrom('outbox')
    .select(['n', 'record_id', 'status', 'at_ms', 'at_counter'])
    .where('case_id', '=', row.id)
    .where('n', '>=', first)
    .where('n', '<=', last)
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
    return [
      row.id,
      device,
      position,
      first + i,
      status,
      code ?? null,
      effective[0],
      effective[1],
      receivedAtMs,
    ];
  });
  await batch(tx, moveIntoLog, rows);
  await tx
    .deleteFrom('outbox')
    .where('case_id', '=', row.id)
    .where('n', '>=', first)
    .where('n', '<=', last)
    .execute();
  await batch(tx, insertSignature, [[row.id, device, signed.from, signed.to, signed.prev, signed.sig]]);
  return outdated;
}
