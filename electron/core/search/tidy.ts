/**
 * Every edit adds a small part to the index; parts are merged here, in quiet moments. Should none come, as in a long
 * first sync, FTS5 merges by itself whenever sixteen parts of one size have come together.
 */
import type { VaultConnection } from '../vault/driver.ts';

/** A few milliseconds of work. */
const pagesAtOnce = 64;

/** One step; whether there is more to merge. */
export async function mergeSearch(connection: VaultConnection): Promise<boolean> {
  const before = await totalChanges(connection);
  for (const index of ['search', 'search_titles']) {
    await connection.run(`INSERT INTO ${index} (${index}, rank) VALUES ('merge', ${pagesAtOnce})`);
  }
  // The command itself counts as one change; anything beyond is a merge.
  return (await totalChanges(connection)) - before > 2;
}

async function totalChanges(connection: VaultConnection): Promise<number> {
  return Number((await connection.get('SELECT total_changes() AS changes'))?.changes ?? 0);
}
