/**
 * Full-text search over everything in the vault, in stages: titles, texts that have the words as typed, texts that
 * have words beginning like them; the newest first in each. A rank by frequency would have to score every match, and
 * a stage is only entered while there is room on the screen: words as typed are looked up and read from their end.
 */
import { sql } from 'kysely';
import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { SearchFilling, SearchHit } from '../../../shared/contract/views.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { countDue } from './due.ts';
import { matching } from './matching.ts';
import { type SearchTerm, searchTerms, stagesOf } from './query.ts';
import { hasMatch, snippetOf } from './snippet.ts';

export function searchHandlers({ vault }: Workspace): Pick<Handlers, 'search.query'> {
  return {
    'search.query': ({ text, limit }) =>
      vault.read(async (tx) => ({ hits: await search(tx, text, limit), filling: await readFilling(tx) })),
  };
}

async function readFilling(db: Db): Promise<SearchFilling | null> {
  const due = await countDue(db);
  if (due === 0) return null;
  const { total } = await db
    .selectFrom('cases')
    .select((of) => of.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { done: total - due, total };
}

export async function search(db: Db, text: string, limit: number): Promise<SearchHit[]> {
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  const found = new Set<number>();
  for (const stage of stagesOf(terms)) {
    // What an earlier stage has found is found by a later one again.
    if (found.size < limit) for (const id of await matching(db, stage, limit + found.size)) found.add(id);
  }
  const ids = [...found].slice(0, limit);
  const hits = new Map((await readHits(db, ids)).map((row) => [row.id, hitOf(row, terms)]));
  return ids.flatMap((id) => hits.get(id) ?? []);
}

function readHits(db: Db, ids: readonly number[]) {
  return db
    .selectFrom('search_docs')
    .innerJoin('search', 'search.rowid', 'search_docs.id')
    .innerJoin('cases', 'cases.id', 'search_docs.case_id')
    .select(['search_docs.id', 'search_docs.case_id', 'search_docs.record_id', 'search_docs.kind'])
    .select(['search.title', 'search.body', 'cases.number', 'cases.title as case_title', 'cases.level'])
    .where('search_docs.id', 'in', sql<number>`(SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .execute();
}

type HitRow = Awaited<ReturnType<typeof readHits>>[number];

function hitOf(row: HitRow, terms: readonly SearchTerm[]): SearchHit {
  const isInBody = row.body !== '' && (row.title === '' || !hasMatch(row.title, terms));
  return {
    caseId: row.case_id,
    recordId: row.record_id,
    kind: row.kind,
    number: row.number,
    caseTitle: row.case_title,
    level: row.level,
    snippet: snippetOf(isInBody ? row.body : row.title, terms),
  };
}
