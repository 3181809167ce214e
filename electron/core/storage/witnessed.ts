/**
 * What the service's hourly witness said of the cases here. It is kept for whoever checks a case later, on this laptop
 * or with a file taken out of it: the statement lies where nobody can change it, and its proof leads from the case to it.
 */
import { type Kysely, sql } from 'kysely';
import type { CaseId } from '../../../shared/ids.ts';
import { type Witnessed, witnessedSchema } from '../../../shared/integrity/witness.ts';
import type { Unwitnessed, WitnessNote } from './logPort.ts';
import type { VaultTables } from './tables.ts';

type Db = Kysely<VaultTables>;

/** What is named up to its end does not change any more, so it need not be asked for again. */
export async function unwitnessed(db: Db, limit: number): Promise<readonly Unwitnessed[]> {
  const rows = await db
    .selectFrom('cases')
    .leftJoin('witnessed', 'witnessed.case_id', 'cases.id')
    .select(['cases.id', 'witnessed.said', 'witnessed.contradicts'])
    .where('cases.log_position', '>', 0)
    .where((where) =>
      where.or([
        where('cases.log_position', '>', sql<number>`coalesce(witnessed.position, 0)`),
        where('witnessed.contradicts', '=', 1),
      ]),
    )
    .orderBy('cases.updated_ms', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, said, contradicts }) => ({
    case: id,
    said: contradicts === 1 ? null : readSaid(said),
  }));
}

export async function keepWitnessed(db: Db, notes: readonly WitnessNote[]): Promise<void> {
  for (const { case: caseId, said, contradicts } of notes) {
    const row = {
      position: said.position,
      said: JSON.stringify(said),
      contradicts: contradicts ? (1 as const) : (0 as const),
    };
    await db
      .insertInto('witnessed')
      .values({ case_id: caseId, ...row })
      .onConflict((conflict) => conflict.column('case_id').doUpdateSet(row))
      .execute();
  }
}

export async function contradicted(db: Db): Promise<readonly CaseId[]> {
  const rows = await db
    .selectFrom('witnessed')
    .select('case_id')
    .where('contradicts', '=', sql.lit(1))
    .execute();
  return rows.map((row) => row.case_id);
}

export async function witnessedOf(db: Db, caseId: CaseId): Promise<Witnessed | null> {
  const row = await db
    .selectFrom('witnessed')
    .select('said')
    .where('case_id', '=', caseId)
    .executeTakeFirst();
  return readSaid(row?.said ?? null);
}

function readSaid(text: string | null): Witnessed | null {
  return text === null ? null : (witnessedSchema.safeParse(JSON.parse(text)).data ?? null);
}
