/** One record as it is kept in the vault. Pure. */
import type { Selectable } from 'kysely';
import type { DeviceId, RecordId } from '../../../shared/ids.ts';
import { type Arrived, applyChange, type RecordState } from '../../../shared/sync/merge.ts';
import { domainPolicy } from '../../../shared/sync/view.ts';
import { decodeState } from './recordText.ts';
import type { VaultTables } from './tables.ts';

export interface StoredRecord {
  readonly id: RecordId;
  readonly state: RecordState;
  readonly createdMs: number;
  readonly createdDevice: DeviceId;
  readonly updatedMs: number;
}

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
