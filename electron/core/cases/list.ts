/** Lists of cases and reports: filtered, sorted and cut into pages by the database. */
import { type RawBuilder, sql } from 'kysely';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import type { CaseLine } from '../../../shared/contract/views.ts';
import { levelsSafestFirst } from '../../../shared/domain/levels.ts';
import { caseStatuses, reportStatuses } from '../../../shared/domain/workflow.ts';
import { foldText } from '../search/fold.ts';
import type { Db } from '../session/workspace.ts';
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
  const rows = await matching
    .selectAll()
    .orderBy(sql`${sortKeys[filter.sort]} ${direction} NULLS LAST`)
    // The same order on every page where the key is the same.
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
  return { lines: rows.map(caseLine), total };
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
