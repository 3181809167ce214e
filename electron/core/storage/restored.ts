/** What changes in the vault when the service has been restored from a backup. Nothing is removed. */
import { type Kysely, sql } from 'kysely';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import type { LogHead } from '../../../shared/sync/log.ts';
import { findCase } from './caseRow.ts';
import type { LoggedArrival } from './logPort.ts';
import { mergeRecords } from './mergeRecords.ts';
import { deleteMeta, writeMeta } from './meta.ts';
import type { VaultTables } from './tables.ts';

type Tx = Kysely<VaultTables>;

/** What the running hash of a case's log is made of, position by position. */
export async function loggedArrivals(db: Tx, caseId: CaseId): Promise<readonly LoggedArrival[]> {
  const rows = await db
    .selectFrom('log')
    .select(['hash', 'status', 'at_ms', 'at_counter', 'received_ms'])
    .where('case_id', '=', caseId)
    .orderBy('position')
    .execute();
  return rows.map(({ hash, status, at_ms, at_counter, received_ms }) => {
    return { changeHash: hash, status, effective: [at_ms, at_counter], receivedAtMs: received_ms };
  });
}

/** Takes the log of a case back to the last point that the service has too; what came after is held. */
export async function layAside(tx: Tx, caseId: CaseId, common: LogHead): Promise<void> {
  await sql`
    INSERT INTO held (case_id, device, n, position, record_id, hash, head, payload, salt, status, code,
                      at_ms, at_counter, payload_hash, handed)
    SELECT case_id, device, n, position, record_id, hash, head, payload, salt, status, code,
           at_ms, at_counter, payload_hash, 'waiting'
    FROM log WHERE case_id = ${caseId} AND position > ${common.position}
    ON CONFLICT DO NOTHING`.execute(tx);
  await tx.deleteFrom('log').where('case_id', '=', caseId).where('position', '>', common.position).execute();
  await tx
    .updateTable('cases')
    .set({ log_position: common.position, log_running: common.running })
    .where('id', '=', caseId)
    .execute();
}

/**
 * Begins anew with the restored service: heads beyond what is here are evidence and no longer a bound, what it had
 * taken and not given back is sent once more, and its log of who may see what is read from the start.
 */
export async function enterEpoch(tx: Tx, epoch: string): Promise<void> {
  await sql`UPDATE cases SET restored_head = log_head WHERE log_head IS NOT NULL`.execute(tx);
  await sql`UPDATE cases SET log_head = NULL WHERE log_head->>'position' > log_position`.execute(tx);
  await tx.updateTable('cases').set({ push_refused: null }).execute();
  // It may have forgotten that it has files: whoever holds one offers it again, part by part.
  await tx.updateTable('attachments').set({ is_sent: 0 }).execute();
  // The witness speaks of the service before; under the new epoch it begins anew.
  await tx.deleteFrom('witnessed').execute();
  await deleteMeta(tx, 'witnessAskedAtMs');
  await tx.updateTable('held').set({ handed: 'waiting' }).where('handed', '!=', 'apart').execute();
  const refused = await tx
    .selectFrom('outbox')
    .select(['case_id', 'record_id'])
    .where('status', '=', 'quarantined')
    .execute();
  const taken = await tx
    .selectFrom('outbox')
    .select('case_id')
    .distinct()
    .where('status', '!=', 'pending')
    .execute();
  await tx.updateTable('outbox').set({ status: 'pending', code: null }).execute();
  await writeMeta(tx, 'userCursor', 0);
  await writeMeta(tx, 'glassCursor', 0);
  await writeMeta(tx, 'epoch', epoch);
  await writeMeta(tx, 'accessUnsure', true);
  for (const { case_id } of taken) {
    const row = await findCase(tx, case_id);
    if (row === undefined) continue;
    const recompute = new Set<RecordId>(
      refused.filter((one) => one.case_id === case_id).map((one) => one.record_id),
    );
    await mergeRecords(tx, { row, arrived: [], recompute, renumbered: false });
  }
}
