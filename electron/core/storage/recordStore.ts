/** Records of one case, loaded and saved by the batch. */
import { type Kysely, sql } from 'kysely';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { batch } from '../vault/dialect.ts';
import type { Derived } from './derive.ts';
import { recordRow, upsertRecordRows } from './rows.ts';
import { recordColumns, type StoredRecord, storedRecord } from './storedRecord.ts';
import type { VaultTables } from './tables.ts';

export type RecordMap = ReadonlyMap<RecordId, StoredRecord>;

export async function loadRecords(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  ids: Iterable<RecordId>,
): Promise<RecordMap> {
  const wanted = JSON.stringify([...ids]);
  const rows = await db
    .selectFrom('records')
    .select(recordColumns)
    .where('case_id', '=', caseId)
    .where('id', 'in', sql<RecordId>`(SELECT value FROM json_each(${wanted}))`)
    .execute();
  return new Map(rows.map((row) => [row.id, storedRecord(row)]));
}

export async function loadRecord(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  id: RecordId,
): Promise<StoredRecord | undefined> {
  const row = await db
    .selectFrom('records')
    .select(recordColumns)
    .where('case_id', '=', caseId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : storedRecord(row);
}

/** All records of a case, removed ones too, oldest first. */
export async function loadCaseRecords(
  db: Kysely<VaultTables>,
  caseId: CaseId,
): Promise<readonly StoredRecord[]> {
  const rows = await db.selectFrom('records').select(recordColumns).where('case_id', '=', caseId).execute();
  return rows.map(storedRecord).sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
}

export async function saveRecords(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  records: readonly { readonly record: StoredRecord; readonly derived: Derived }[],
): Promise<void> {
  if (records.length === 0) return;
  await batch(
    db,
    upsertRecordRows,
    records.map(({ record, derived }) => recordRow(caseId, record, derived)),
  );
}

const deleteListed =
  'DELETE FROM records WHERE (case_id, id) IN (SELECT value->>0, value->>1 FROM json_each(?))';

/** Takes records out that no applied change is left of. */
export async function deleteRecords(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  ids: readonly RecordId[],
): Promise<void> {
  if (ids.length > 0)
    await batch(
      db,
      deleteListed,
      ids.map((id) => [caseId, id]),
    );
}
