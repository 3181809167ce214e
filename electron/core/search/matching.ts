/**
 * The newest texts that match. All the texts of all the words beginning alike have to be gathered before FTS5 knows the
 * newest of them: a quarter of a second where two such words are in each of a million texts. The beginnings of two
 * letters are in the index like words, and read from their end. So the newest texts that have those are looked through
 * first; only where the words are rare among them are all gathered, and then there are few.
 */
import { sql } from 'kysely';
import type { Db } from '../session/workspace.ts';
import type { Stage, Wider } from './query.ts';

const lookedAtAtOnce = 64;
const mostLookedAt = 256;

/** Rows of the index, the newest first. */
export async function matching(
  db: Db,
  { index, match, wider }: Stage,
  limit: number,
): Promise<readonly number[]> {
  const among = wider === undefined ? undefined : await amongNewest(db, wider, limit);
  if (among !== undefined) return among;
  // FTS5 walks them in that order and stops at the limit.
  const rows = await db
    .selectFrom(index)
    .select('rowid')
    .where(sql<boolean>`${sql.ref(index)} MATCH ${match}`)
    .orderBy('rowid', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ rowid }) => rowid);
}

/** `undefined` where not so many were found among as many as may be looked at. */
async function amongNewest(db: Db, wider: Wider, limit: number): Promise<readonly number[] | undefined> {
  const found: number[] = [];
  let below = Number.MAX_SAFE_INTEGER;
  for (let lookedAt = 0; lookedAt < mostLookedAt; lookedAt += lookedAtAtOnce) {
    const rows = await db
      .selectFrom('search')
      .select(['rowid', 'title', 'body', 'forms'])
      .where(sql<boolean>`search MATCH ${wider.match}`)
      .where('rowid', '<', below)
      .orderBy('rowid', 'desc')
      .limit(lookedAtAtOnce)
      .execute();
    for (const { rowid, title, body, forms } of rows) {
      if (wider.isMatch(`${title}\n${body}\n${forms}`)) found.push(rowid);
      if (found.length === limit) return found;
      below = rowid;
    }
    if (rows.length < lookedAtAtOnce) return found;
  }
  return undefined;
}
