/** Records of one case, loaded and saved by the batch. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { CaseId, DeviceId, RecordId } from '../../../shared/ids.ts';
import { type Arrived, applyChange, type RecordState } from '../../../shared/sync/merge.ts';
import { domainPolicy } from '../../../shared/sync/view.ts';
import { batch } from '../vault/dialect.ts';
import type { Derived } from './derive.ts';
import { decodeState, encodeState } from './recordText.ts';
import type { VaultTables } from './tables.ts';

export interface StoredRecord {
  readonly id: RecordId;
  readonly state: RecordState;
  readonly createdMs: number;
  readonly createdDevice: DeviceId;
  readonly updatedMs: number;
}

export type RecordMap = ReadonlyMap<RecordId, StoredRecord>;

type RecordRow = Pick<
  Selectable<VaultTables['records']>,
  'id' | 'kind' | 'state' | 'created_ms' | 'created_device' | 'updated_ms'
>;

export const recordColumns = ['id', 'kind', 'state', 'created_ms', 'created_device', 'updated_ms'] as const;

export function storedRecord(row: RecordRow): StoredRecord {
  return {
    id: row.id,
    state: decodeState(row.kind, row.state),
    createdMs: row.created_ms,
    createdDevice: row.created_device,
    updatedMs: row.updated_ms,
  };
}

/** The record after one more change. */
export function foldRecord(before: StoredRecord | undefined, change: Arrived): StoredRecord {
  const state = applyChange(before?.state, change, domainPolicy);
  const [ms] = change.effective;
  return before === undefined
    ? { id: change.head.record, state, createdMs: ms, createdDevice: change.device, updatedMs: ms }
    : { ...before, state, updatedMs: Math.max(before.updatedMs, ms) };
}

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

const upsertRecords = `
  INSERT INTO records (case_id, id, kind, state, removed, contested, created_ms, created_device, updated_ms)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8
  FROM json_each(?) WHERE true
  ON CONFLICT (case_id, id) DO UPDATE SET
    kind = excluded.kind, state = excluded.state, removed = excluded.removed, contested = excluded.contested,
    created_ms = excluded.created_ms, created_device = excluded.created_device, updated_ms = excluded.updated_ms`;

export async function saveRecords(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  records: readonly { readonly record: StoredRecord; readonly derived: Derived }[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map(({ record, derived }) => [
    caseId,
    record.id,
    record.state.kind,
    encodeState(record.state),
    derived.view.removed ? 1 : 0,
    derived.contested,
    record.createdMs,
    record.createdDevice,
    record.updatedMs,
  ]);
  await batch(db, upsertRecords, rows);
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
