/** All changes of records, from the log, then what is held, then from the outbox: the order in which they count. */
import { type Kysely, sql } from 'kysely';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { readFields, readHead } from '../../../shared/sync/change.ts';
import type { Arrived } from '../../../shared/sync/merge.ts';
import { readMeta } from './meta.ts';
import type { VaultTables } from './tables.ts';

/** The changes that count (applied, or own and not refused) of some records of a case, as far as they can be read. */
export async function arrivedOf(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  records: Iterable<RecordId>,
): Promise<readonly Arrived[]> {
  const wanted = sql<RecordId>`(SELECT value FROM json_each(${JSON.stringify([...records])}))`;
  const logged = await db
    .selectFrom('log')
    .select(['device', 'head', 'payload', 'at_ms', 'at_counter'])
    .where('case_id', '=', caseId)
    .where('record_id', 'in', wanted)
    .where('status', '=', 'applied')
    .where('payload_hash', 'is', null)
    .orderBy('position')
    .execute();
  const held = await db
    .selectFrom('held')
    .select(['device', 'head', 'payload', 'at_ms', 'at_counter'])
    .where('case_id', '=', caseId)
    .where('record_id', 'in', wanted)
    .where('status', '=', 'applied')
    .where('payload_hash', 'is', null)
    .orderBy('position')
    .execute();
  const own = await db
    .selectFrom('outbox')
    .select(['head', 'payload', 'at_ms', 'at_counter'])
    .where('case_id', '=', caseId)
    .where('record_id', 'in', wanted)
    .where('status', '!=', 'quarantined')
    .orderBy('n')
    .execute();
  const device = own.length === 0 ? undefined : (await readMeta(db, 'owner'))?.deviceId;
  const mine = device === undefined ? [] : own.map((row) => ({ ...row, device }));
  return [...logged, ...held, ...mine].map((row) => ({
    head: readHead(row.head),
    fields: readFields(row.payload),
    device: row.device,
    effective: [row.at_ms, row.at_counter],
  }));
}
