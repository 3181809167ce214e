/** The row of a case: where its log stands, and what lists show of it. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { type CaseId, caseRecordId } from '../../../shared/ids.ts';
import { type ChainPoint, chainStart } from '../../../shared/sync/change.ts';
import { emptyLog } from '../../../shared/sync/log.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import { type CaseColumns, caseColumns, deriveCase } from './deriveCase.ts';
import { recordColumns, storedRecord } from './storedRecord.ts';
import type { CasesTable, VaultTables } from './tables.ts';

export type CaseRow = Selectable<CasesTable>;

export async function findCase(db: Kysely<VaultTables>, caseId: CaseId): Promise<CaseRow | undefined> {
  return db.selectFrom('cases').selectAll().where('id', '=', caseId).executeTakeFirst();
}

/** The row as it is, or a new one that is not stored yet. */
export async function caseOrNew(
  db: Kysely<VaultTables>,
  caseId: CaseId,
): Promise<{ readonly row: CaseRow; readonly isNew: boolean }> {
  const found = await findCase(db, caseId);
  if (found !== undefined) return { row: found, isNew: false };
  const own = await lastOwnPoint(db, caseId);
  const row: CaseRow = {
    ...deriveCase(null, {}, []),
    id: caseId,
    number: null,
    log_position: emptyLog.position,
    log_running: emptyLog.running,
    log_head: null,
    restored_head: null,
    own_n: own.n,
    own_hash: own.hash,
    push_refused: null,
    access: null,
    access_ends_ms: null,
    conflicts: 0,
    unsent: 0,
    updated_ms: 0,
  };
  return { row, isNew: true };
}

/** Numbers used before the case was taken away are not used again. */
async function lastOwnPoint(db: Kysely<VaultTables>, caseId: CaseId): Promise<ChainPoint> {
  const kept = await db
    .selectFrom('own_chains')
    .select(['n', 'hash'])
    .where('case_id', '=', caseId)
    .executeTakeFirst();
  return kept ?? chainStart;
}

export async function saveCase(db: Kysely<VaultTables>, row: CaseRow): Promise<void> {
  const { id, ...rest } = row;
  await db
    .insertInto('cases')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
}

/** What lists show, read anew from the case's record and its reports. */
export async function readCaseColumns(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  number: string | null,
): Promise<CaseColumns> {
  const rows = await db
    .selectFrom('records')
    .select(recordColumns)
    .where('case_id', '=', caseId)
    .where((where) =>
      where.or([
        where('id', '=', caseRecordId(caseId)),
        where('id', 'in', (from) =>
          from
            .selectFrom('records as report')
            .select('report.id')
            .where('report.case_id', '=', caseId)
            .where('report.kind', '=', sql.lit('report')),
        ),
      ]),
    )
    .orderBy('created_ms')
    .execute();
  const records = rows.map((row) => {
    const record = storedRecord(row);
    return { id: record.id, kind: row.kind, view: viewRecord(record.state) };
  });
  return caseColumns({ id: caseId, number }, records);
}

/** How much of a case is contested, and how much is not sent. */
export async function readCaseCounts(
  db: Kysely<VaultTables>,
  caseId: CaseId,
): Promise<Pick<CaseRow, 'conflicts' | 'unsent'>> {
  const contested = await db
    .selectFrom('records')
    .select((of) => of.fn.coalesce(of.fn.sum<number>('contested'), sql.lit(0)).as('count'))
    .where('case_id', '=', caseId)
    .where('contested', '>', sql.lit(0))
    .executeTakeFirstOrThrow();
  const unsent = await db
    .selectFrom('outbox')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('case_id', '=', caseId)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  return { conflicts: contested.count, unsent: unsent.count };
}

/** When anything in the case was last changed; 0 when nothing is left in it. */
export async function readLatestUpdate(db: Kysely<VaultTables>, caseId: CaseId): Promise<number> {
  const { latest } = await db
    .selectFrom('records')
    .select((of) => of.fn.max('updated_ms').as('latest'))
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow();
  return latest ?? 0;
}
