/**
 * Filling the index after a first sync. What is not in it yet is marked, case by case, in the transaction that stores
 * the case; the mark moves on in the transaction that puts texts in, so a crash loses neither. What is edited, or comes
 * later, goes into the index at once, marked or not: filling in a case puts in all its records as they are then.
 */
import type { Kysely } from 'kysely';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { derive } from '../storage/derive.ts';
import { recordColumns, storedRecord } from '../storage/storedRecord.ts';
import type { VaultTables } from '../storage/tables.ts';
import { batch } from '../vault/dialect.ts';
import { indexRecords } from './searchIndex.ts';

type Tx = Kysely<VaultTables>;

const markAll = `
  INSERT INTO search_due (case_id, after) SELECT value, '' FROM json_each(?) WHERE true
  ON CONFLICT (case_id) DO UPDATE SET after = ''`;

/** The texts of these cases are put in later, from the last record on. */
export async function markDue(tx: Tx, cases: readonly CaseId[]): Promise<void> {
  if (cases.length > 0) await batch(tx, markAll, cases);
}

export async function isDue(tx: Tx, caseId: CaseId): Promise<boolean> {
  const found = await tx
    .selectFrom('search_due')
    .select('case_id')
    .where('case_id', '=', caseId)
    .executeTakeFirst();
  return found !== undefined;
}

/** How many cases are not wholly in the index. */
export async function countDue(db: Tx): Promise<number> {
  const { count } = await db
    .selectFrom('search_due')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * One slice: the texts of about so many records, the latest first.
 * @returns whether there is more to do.
 */
export async function fillSlice(tx: Tx, records: number): Promise<boolean> {
  for (let left = records; left > 0; ) {
    const due = await tx
      .selectFrom('search_due')
      .selectAll()
      .orderBy('case_id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (due === undefined) return false;
    left -= await fillCase(tx, { caseId: due.case_id, after: due.after, limit: left });
  }
  return true;
}

interface Part {
  readonly caseId: CaseId;
  readonly after: RecordId | '';
  readonly limit: number;
}

/** @returns how many records were looked at, at least one. */
async function fillCase(tx: Tx, { caseId, after, limit }: Part): Promise<number> {
  const numbered = await tx.selectFrom('cases').select('number').where('id', '=', caseId).executeTakeFirst();
  const rows = await tx
    .selectFrom('records')
    .select(recordColumns)
    .where('case_id', '=', caseId)
    .$if(after !== '', (from) => from.where('id', '<', after as RecordId)) // it is not empty
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  await indexRecords(
    tx,
    { caseId, as: 'older' },
    rows.map((row) => {
      const { doc } = derive(storedRecord(row), numbered?.number ?? null);
      return { id: row.id, kind: row.kind, doc };
    }),
  );
  const last = rows.at(-1);
  const place = tx.deleteFrom('search_due').where('case_id', '=', caseId);
  if (last === undefined || rows.length < limit) await place.execute();
  else await tx.updateTable('search_due').set({ after: last.id }).where('case_id', '=', caseId).execute();
  return Math.max(1, rows.length);
}
