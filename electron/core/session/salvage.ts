/** What came of reading a damaged vault, in the words of a person: cases, records, edits that were not sent. */
import type { SalvageReport } from '../../../shared/contract/views.ts';
import type { VaultConnection } from '../vault/driver.ts';
import { salvageVault } from '../vault/salvage/salvage.ts';
import { vaultOptions } from './enrol.ts';
import type { VaultParts } from './parts.ts';

/** Made anew from the records: the search index and the list of tasks. */
const derived = ['search', 'search_docs', 'search_titles', 'tasks'];

/** @throws TmaError as `salvageVault`. */
export async function salvage(parts: VaultParts, passphrase: string): Promise<SalvageReport> {
  const { found, outcome, copy, lost } = await salvageVault({
    ...vaultOptions(parts, passphrase),
    derived,
    inspect: async (saved) => ({
      cases: await count(saved, 'SELECT count(*) AS n FROM cases'),
      records: await count(saved, 'SELECT count(*) AS n FROM records'),
      unsent: await count(saved, `SELECT count(*) AS n FROM outbox WHERE status = 'pending'`),
    }),
  });
  return { outcome, copy, lost: [...lost], ...found };
}

async function count(saved: VaultConnection, sql: string): Promise<number> {
  return Number((await saved.get(sql))?.n ?? 0);
}
