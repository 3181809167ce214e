/** What a page of a log leaves in the tables, row by row, and the statements that write it by the batch. Pure. */
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import type { CasePage } from '../../../shared/sync/wire.ts';
import type { SqlValue } from '../vault/driver.ts';
import type { DerivedRow, TaskRow } from './derive.ts';
import type { PageEntry } from './pageEntries.ts';
import { encodeState } from './recordText.ts';
import type { StoredRecord } from './storedRecord.ts';

/** The values of one row, in the order of its columns. */
export type Row = readonly SqlValue[];

export const logColumns = `log (case_id, position, record_id, device, n, hash, head, payload, salt, status, code,
  at_ms, at_counter, received_ms, payload_hash)`;

export const insertLogRows = `
  INSERT INTO ${logColumns}
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8,
         value->>9, value->>10, value->>11, value->>12, value->>13, value->>14
  FROM json_each(?)`;

export function logRow(caseId: CaseId, { head, device, effective, sealed, point, entry }: PageEntry): Row {
  return [
    caseId,
    entry.position,
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
    sealed.payloadHash ?? null,
  ];
}

export const insertSegmentRows = `
  INSERT INTO segments (case_id, device, from_n, to_n, prev, sig)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?) WHERE true
  ON CONFLICT DO NOTHING`;

/** The signatures of a page. */
export function segmentRows(page: CasePage): readonly Row[] {
  return page.runs.map(({ device, signed }) => [
    page.case,
    device,
    signed.from,
    signed.to,
    signed.prev,
    signed.sig,
  ]);
}

export const recordRowColumns =
  'records (case_id, id, kind, state, removed, contested, created_ms, created_device, updated_ms)';

export const upsertRecordRows = `
  INSERT INTO ${recordRowColumns}
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8
  FROM json_each(?) WHERE true
  ON CONFLICT (case_id, id) DO UPDATE SET
    kind = excluded.kind, state = excluded.state, removed = excluded.removed, contested = excluded.contested,
    created_ms = excluded.created_ms, created_device = excluded.created_device, updated_ms = excluded.updated_ms`;

export function recordRow(
  caseId: CaseId,
  record: StoredRecord,
  { view, contested }: Pick<DerivedRow, 'view' | 'contested'>,
): Row {
  return [
    caseId,
    record.id,
    record.state.kind,
    encodeState(record.state),
    view.removed ? 1 : 0,
    contested,
    record.createdMs,
    record.createdDevice,
    record.updatedMs,
  ];
}

export const insertTaskRows = `
  INSERT INTO tasks (case_id, record_id, type, owner, due_on, title, detail)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6 FROM json_each(?)`;

export function taskRow(caseId: CaseId, id: RecordId, task: TaskRow): Row {
  return [caseId, id, task.type, task.owner, task.dueOn, task.title, task.detail];
}
