/** Writes of the full-text index, by the batch. */
import type { Kysely } from 'kysely';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import type { SearchDoc } from '../storage/derive.ts';
import type { VaultTables } from '../storage/tables.ts';
import { batch } from '../vault/dialect.ts';
import { otherForms } from './fold.ts';

export interface IndexedRecord {
  readonly id: RecordId;
  readonly kind: string;
  readonly doc: SearchDoc | null;
}

/**
 * Found texts are shown from the highest number down: what is written now is numbered upwards from here, what a first
 * sync brought, the latest first, downwards.
 */
const firstNumber = 2 ** 40;
/** A vault from before that has numbers from 1 on: there is no room below them. */
const lowestNumber = 2 ** 39;

const numbered = {
  newest: `coalesce((SELECT max(id) FROM search_docs), ${firstNumber}) + 1 + key`,
  older: `iif((SELECT min(id) FROM search_docs) < ${lowestNumber}, (SELECT max(id) FROM search_docs) + 1 + key,
    coalesce((SELECT min(id) FROM search_docs), ${firstNumber}) - 1 - key)`,
} as const;

const insertDocs = (as: keyof typeof numbered) => `
  INSERT INTO search_docs (id, case_id, record_id, kind)
  SELECT ${numbered[as]}, value->>0, value->>1, value->>2 FROM json_each(?) WHERE true
  ON CONFLICT (case_id, record_id) DO NOTHING`;

const replaceTexts = `
  INSERT OR REPLACE INTO search (rowid, title, body, forms)
  SELECT d.id, j.value->>2, j.value->>3, j.value->>4
  FROM json_each(?) AS j JOIN search_docs AS d ON d.case_id = j.value->>0 AND d.record_id = j.value->>1`;

const replaceTitles = `
  INSERT OR REPLACE INTO search_titles (rowid, title, forms)
  SELECT d.id, j.value->>2, j.value->>3
  FROM json_each(?) AS j JOIN search_docs AS d ON d.case_id = j.value->>0 AND d.record_id = j.value->>1`;

const listedDocs = `
  SELECT d.id FROM json_each(?) AS j
  JOIN search_docs AS d ON d.case_id = j.value->>0 AND d.record_id = j.value->>1`;

/**
 * Brings the index up to date for records of a case; `doc: null` takes one out. Those that are new in it come before
 * all others, or, `older` and the latest first, after them.
 */
export async function indexRecords(
  db: Kysely<VaultTables>,
  { caseId, as }: { readonly caseId: CaseId; readonly as: 'newest' | 'older' },
  records: readonly IndexedRecord[],
): Promise<void> {
  const gone = records.filter(({ doc }) => doc === null).map(({ id }) => [caseId, id]);
  if (gone.length > 0) await removeDocs(db, gone);
  const present = records.flatMap(({ id, kind, doc }) => (doc === null ? [] : [{ id, kind, doc }]));
  if (present.length === 0) return;
  await batch(
    db,
    insertDocs(as),
    present.map(({ id, kind }) => [caseId, id, kind]),
  );
  await batch(
    db,
    replaceTexts,
    present.map(({ id, doc }) => [caseId, id, doc.title, doc.body, doc.forms]),
  );
  await indexTitles(db, caseId, present);
}

async function indexTitles(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  present: readonly { readonly id: RecordId; readonly doc: SearchDoc }[],
): Promise<void> {
  const titled = present.filter(({ doc }) => doc.title !== '');
  if (titled.length > 0) {
    const rows = titled.map(({ id, doc }) => [caseId, id, doc.title, otherForms(doc.title)]);
    await batch(db, replaceTitles, rows);
  }
  const bare = present.filter(({ doc }) => doc.title === '').map(({ id }) => [caseId, id]);
  if (bare.length > 0) await batch(db, deleteTitles, bare);
}

const deleteTitles = `DELETE FROM search_titles WHERE rowid IN (${listedDocs})`;

async function removeDocs(db: Kysely<VaultTables>, keys: readonly (readonly string[])[]): Promise<void> {
  await batch(db, `DELETE FROM search WHERE rowid IN (${listedDocs})`, keys);
  await batch(db, deleteTitles, keys);
  await batch(db, `DELETE FROM search_docs WHERE id IN (${listedDocs})`, keys);
}

/** Takes every text of a case out. */
export async function removeCaseFromIndex(db: Kysely<VaultTables>, caseId: CaseId): Promise<void> {
  const docs = db.selectFrom('search_docs').select('id').where('case_id', '=', caseId);
  await db.deleteFrom('search').where('rowid', 'in', docs).execute();
  await db.deleteFrom('search_titles').where('rowid', 'in', docs).execute();
  await db.deleteFrom('search_docs').where('case_id', '=', caseId).execute();
}
