/** What became of pushed changes, written into the outbox and, where refused, taken out of the records. */
import type { Kysely } from 'kysely';
import { errorCatalogue } from '../../../shared/errors.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import type { SignedHead } from '../../../shared/sync/log.ts';
import type { SegmentOutcome } from '../../../shared/sync/wire.ts';
import type { SettledRun } from '../sync/settled.ts';
import { batch } from '../vault/dialect.ts';
import { type CaseRow, findCase } from './caseRow.ts';
import { mergeRecords } from './mergeRecords.ts';
import { settle } from './settle.ts';
import type { VaultTables } from './tables.ts';

type Taken = Extract<SegmentOutcome, { outcome: 'taken' }>;

const acknowledge = `
  UPDATE outbox SET status = 'acked'
  WHERE (case_id, n) IN (SELECT value->>0, value->>1 FROM json_each(?)) AND status = 'pending'`;
const quarantine = `
  UPDATE outbox SET status = 'quarantined', code = j.value->>2 FROM json_each(?) AS j
  WHERE outbox.case_id = j.value->>0 AND outbox.n = j.value->>1 AND outbox.status != 'quarantined'
  RETURNING record_id`;

export async function recordOutcome(
  tx: Kysely<VaultTables>,
  outcome: SegmentOutcome,
  run?: SettledRun,
): Promise<CaseId | undefined> {
  const row = await findCase(tx, outcome.case);
  if (row === undefined) return undefined;
  if (outcome.outcome === 'taken') {
    const outdated = run === undefined ? undefined : await settle(tx, row, run);
    return run === undefined || outdated === undefined
      ? recordTaken(tx, row, outcome)
      : recordSettled(tx, row, { run, outdated, head: outcome.head });
  }
  // What can succeed later by itself stays where it is and is sent again.
  if (errorCatalogue[outcome.code].retryable) return undefined;
  await tx.updateTable('cases').set({ push_refused: outcome.code }).where('id', '=', row.id).execute();
  return row.id;
}

async function recordTaken(tx: Kysely<VaultTables>, row: CaseRow, taken: Taken): Promise<CaseId> {
  const accepted = taken.changes.filter(({ outcome }) => outcome !== 'quarantined');
  const refused = taken.changes.filter(({ outcome }) => outcome === 'quarantined');
  await batch(
    tx,
    acknowledge,
    accepted.map(({ n }) => [row.id, n]),
  );
  const ns = refused.map(({ n }) => n);
  const records = await tx
    .selectFrom('outbox')
    .select('record_id')
    .where('case_id', '=', row.id)
    .where('n', 'in', ns)
    .where('status', '!=', 'quarantined')
    .execute();
  await batch(
    tx,
    quarantine,
    refused.map(({ n, code }) => [row.id, n, code ?? 'access.denied']),
  );
  const isNewer = taken.head.position > headPosition(row);
  const moved: CaseRow = { ...row, ...(isNewer ? { log_head: JSON.stringify(taken.head) } : {}) };
  const recompute = new Set(records.map(({ record_id }) => record_id));
  await mergeRecords(tx, { row: moved, arrived: [], recompute, renumbered: false });
  return row.id;
}

interface Settled {
  readonly run: SettledRun;
  readonly outdated: ReadonlySet<RecordId>;
  readonly head: SignedHead;
}

async function recordSettled(
  tx: Kysely<VaultTables>,
  row: CaseRow,
  { run, outdated, head }: Settled,
): Promise<CaseId> {
  const { number, cursor } = run;
  const log = { log_position: cursor.position, log_running: cursor.running, log_head: JSON.stringify(head) };
  const moved: CaseRow = { ...row, ...log, number };
  const renumbered = row.number !== number;
  await mergeRecords(tx, { row: moved, arrived: [], recompute: outdated, renumbered });
  return row.id;
}

export function headPosition(row: CaseRow): number {
  if (row.log_head === null) return 0;
  const head: unknown = JSON.parse(row.log_head);
  return typeof head === 'object' && head !== null && 'position' in head ? Number(head.position) : 0;
}
