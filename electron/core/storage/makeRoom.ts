/**
 * Takes the log of a case out, and what follows from it, for the same case to come anew from its beginning with more or
 * less of its content. What was written here and not taken yet stays, and so does the number and hash of the own chain.
 */
import type { Kysely } from 'kysely';
import type { CaseId } from '../../../shared/ids.ts';
import { removeCaseFromIndex } from '../search/searchIndex.ts';
import type { VaultTables } from './tables.ts';

export async function makeRoom(tx: Kysely<VaultTables>, caseId: CaseId): Promise<void> {
  await removeCaseFromIndex(tx, caseId);
  for (const table of ['records', 'tasks', 'log', 'segments'] as const) {
    await tx.deleteFrom(table).where('case_id', '=', caseId).execute();
  }
  await tx.updateTable('search_due').set({ after: '' }).where('case_id', '=', caseId).execute();
  // Files that the service has can be fetched again by whoever still reads of them.
  await tx.deleteFrom('attachments').where('case_id', '=', caseId).where('is_sent', '=', 1).execute();
}
