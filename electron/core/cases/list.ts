/** Lists of cases and reports: filtered, sorted and cut into pages by the database. */
import { type RawBuilder, sql } from 'kysely';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import type { CaseLine } from '../../../shared/contract/views.ts';
import { levelsSafestFirst } from '../../../shared/domain/levels.ts';
import { caseStatuses, reportStatuses } from '../../../shared/domain/workflow.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { foldText } from '../search/fold.ts';
import type { Db } from '../session/workspace.ts';
import type { CaseRow } from '../storage/caseRow.ts';
import { caseLine } from './views.ts';

type Filter = ParsedInputOf<'cases.list'>;

export async function listCases(
  db: Db,
  filter: Filter,
): Promise<{ readonly lines: CaseLine[]; readonly total: number }> {
  const matching = matchingCases(db, filter);
  const { total } = await matching
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const direction = sql.raw(filter.descending ? 'DESC' : 'ASC');
  const page = await matching
    .select('id')
    .orderBy(sql`${sortKeys[filter.sort]} ${direction} NULLS LAST`)
    // The same order on every page where the key is the same.
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
  const rows = await readLines(
    db,
    page.map(({ id }) => id),
  );
  return { lines: rows.map(caseLine), total };
}

/** Only of the page that is shown: whole rows of all cases would have to be carried through the sorting. */
async function readLines(db: Db, ids: readonly CaseId[]): Promise<readonly CaseRow[]> {
  const rows = await db
    .selectFrom('cases')
    .selectAll()
    .where('id', 'in', sql<CaseId>`(SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function matchingCases(db: Db, { list, statuses, text }: Filter) {
  let query = db
    .selectFrom('cases')
    .where('status', list === 'reports' ? 'in' : 'not in', [...reportStatuses]);
  if (statuses !== undefined) query = query.where('status', 'in', statuses);
  for (const word of foldText(text ?? '')
    .split(/\s+/)
    .filter((part) => part !== '')) {
    query = query.where(sql<boolean>`instr(filter_text, ${word}) > 0`);
  }
  return query;
}

/** Ascending: the first value of the list is the smallest. */
function ranked(column: string, order: readonly string[]): RawBuilder<number> {
  const cases = order.map((value, rank) => sql`WHEN ${sql.lit(value)} THEN ${sql.lit(rank)}`);
  return sql<number>`CASE ${sql.ref(column)} ${sql.join(cases, sql` `)} END`;
}

const sortKeys: Readonly<Record<Filter['sort'], RawBuilder<unknown>>> = {
  number: sql.ref('number'),
  title: sql.ref('filter_text'),
  level: ranked('level', levelsSafestFirst.toReversed()),
  status: ranked('status', caseStatuses),
  due: sql.ref('due_ms'),
  updated: sql.ref('updated_ms'),
  received: sql.ref('received_at'),
};
