/**
 * Applies changes to the records of one case and brings everything that follows from them up to date: record
 * rows, tasks, search index, the case's columns. The one path for a person's edits, pulled pages and refusals.
 */
import type { Kysely } from 'kysely';
import { type CaseId, caseRecordId, type RecordId } from '../../../shared/ids.ts';
import type { Arrived } from '../../../shared/sync/merge.ts';
import { type IndexedRecord, indexRecords } from '../search/searchIndex.ts';
import { batch } from '../vault/dialect.ts';
import { type CaseRow, readCaseColumns, readCaseCounts, readLatestUpdate, saveCase } from './caseRow.ts';
import { arrivedOf } from './changeHistory.ts';
import { type Derived, derive, type SearchDoc } from './derive.ts';
import { deleteRecords, loadRecords, saveRecords } from './recordStore.ts';
import { insertTaskRows, taskRow } from './rows.ts';
import { foldRecord, type StoredRecord } from './storedRecord.ts';
import type { VaultTables } from './tables.ts';

export interface MergeInput {
  /** The case as it will be: log position, own chain and number already moved on. Saved here. */
  readonly row: CaseRow;
  /** Changes to apply on top, in order. */
  readonly arrived: readonly Arrived[];
  /** Records to compute anew from all their changes, because what is here no longer follows from them. */
  readonly recompute: ReadonlySet<RecordId>;
  /** The case has got its number: found by searching for it. */
  readonly renumbered: boolean;
  /** When changed texts go into the search index; left out: now. */
  readonly search?: 'now' | 'later';
}

interface Touched {
  readonly id: RecordId;
  readonly before: StoredRecord | undefined;
  readonly after: StoredRecord | undefined;
}

export interface WrittenRecord {
  readonly record: StoredRecord;
  readonly derived: Derived;
}

export interface Merged {
  readonly row: CaseRow;
  /** The touched records as they are now. */
  readonly records: readonly WrittenRecord[];
}

export async function mergeRecords(tx: Kysely<VaultTables>, input: MergeInput): Promise<Merged> {
  const caseId = input.row.id;
  const touched = await touchedRecords(tx, input);
  const written = touched.map((one) => ({ ...one, derived: deriveOr(one.after, input.row.number) }));

  const records = written.flatMap(({ after, derived }) =>
    after === undefined || derived === undefined ? [] : [{ record: after, derived }],
  );
  await saveRecords(tx, caseId, records);
  await deleteRecords(
    tx,
    caseId,
    written.filter(({ after }) => after === undefined).map(({ id }) => id),
  );
  await saveTasks(tx, caseId, written);
  if (input.search !== 'later') await indexRecords(tx, { caseId, as: 'newest' }, changedDocs(written, input));
  return { row: await saveCaseOf(tx, input, touched), records };
}

async function touchedRecords(tx: Kysely<VaultTables>, input: MergeInput): Promise<readonly Touched[]> {
  const caseId = input.row.id;
  const ids = new Set([...input.arrived.map(({ head }) => head.record), ...input.recompute]);
  if (input.renumbered) ids.add(caseRecordId(caseId));
  const before = await loadRecords(tx, caseId, ids);
  const after = new Map(before);
  for (const change of input.arrived) {
    const { record } = change.head;
    if (!input.recompute.has(record)) after.set(record, foldRecord(after.get(record), change));
  }
  if (input.recompute.size > 0) {
    for (const id of input.recompute) after.delete(id);
    for (const change of await arrivedOf(tx, caseId, input.recompute)) {
      after.set(change.head.record, foldRecord(after.get(change.head.record), change));
    }
  }
  return [...ids].map((id) => ({ id, before: before.get(id), after: after.get(id) }));
}

function deriveOr(record: StoredRecord | undefined, number: string | null): Derived | undefined {
  return record === undefined ? undefined : derive(record, number);
}

type Written = Touched & { readonly derived: Derived | undefined };

/** Only texts that are not the same as before: most edits change none. */
function changedDocs(written: readonly Written[], input: MergeInput): readonly IndexedRecord[] {
  return written.flatMap(({ id, before, after, derived }) => {
    const kind = after?.state.kind ?? before?.state.kind;
    if (kind === undefined) return [];
    const doc = derived?.doc ?? null;
    const old = before === undefined ? null : derive(before, input.renumbered ? null : input.row.number).doc;
    return sameDoc(old, doc) ? [] : [{ id, kind, doc }];
  });
}

function sameDoc(a: SearchDoc | null, b: SearchDoc | null): boolean {
  return a === null || b === null ? a === b : a.title === b.title && a.body === b.body;
}

const deleteTasks =
  'DELETE FROM tasks WHERE (case_id, record_id) IN (SELECT value->>0, value->>1 FROM json_each(?))';
const kindsWithTasks = new Set(['measure', 'assessment']);

async function saveTasks(
  tx: Kysely<VaultTables>,
  caseId: CaseId,
  written: readonly Written[],
): Promise<void> {
  const concerned = written.filter(({ before, after }) =>
    kindsWithTasks.has(after?.state.kind ?? before?.state.kind ?? ''),
  );
  if (concerned.length === 0) return;
  await batch(
    tx,
    deleteTasks,
    concerned.map(({ id }) => [caseId, id]),
  );
  const rows = concerned.flatMap(({ id, derived }) => {
    const task = derived?.task ?? null;
    return task === null ? [] : [taskRow(caseId, id, task)];
  });
  if (rows.length > 0) await batch(tx, insertTaskRows, rows);
}

const kindsInLists = new Set(['case', 'report']);

async function saveCaseOf(
  tx: Kysely<VaultTables>,
  { row, renumbered, recompute }: MergeInput,
  touched: readonly Touched[],
): Promise<CaseRow> {
  const inLists = touched.some(({ before, after }) =>
    kindsInLists.has(after?.state.kind ?? before?.state.kind ?? ''),
  );
  const columns = inLists || renumbered ? await readCaseColumns(tx, row.id, row.number) : {};
  const latest = touched.reduce((ms, { after }) => Math.max(ms, after?.updatedMs ?? 0), row.updated_ms);
  const saved: CaseRow = {
    ...row,
    ...columns,
    ...(await readCaseCounts(tx, row.id)),
    // What was computed anew may be older than what it replaced.
    updated_ms: recompute.size > 0 ? await readLatestUpdate(tx, row.id) : latest,
  };
  await saveCase(tx, saved);
  return saved;
}
