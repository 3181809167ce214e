/** Several pages in one transaction; one that does not fit is refused before it writes and stops no other. */
import type { Kysely } from 'kysely';
import { TmaError } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { applyPage, type FittingPage, fitPage } from './applyPage.ts';
import type { PageOutcome, VerifiedPage } from './logPort.ts';
import type { VaultTables } from './tables.ts';

export async function applyPages(
  tx: Kysely<VaultTables>,
  ownDevice: DeviceId,
  pages: readonly VerifiedPage[],
): Promise<readonly PageOutcome[]> {
  const outcomes: PageOutcome[] = [];
  for (const verified of pages) {
    const fitting = await fitOrRefuse(tx, ownDevice, verified);
    // No savepoint: each would make the full-text index write out what it has gathered so far.
    outcomes.push('outcome' in fitting ? fitting : { outcome: 'applied', ...(await applyPage(tx, fitting)) });
  }
  return outcomes;
}

async function fitOrRefuse(
  tx: Kysely<VaultTables>,
  ownDevice: DeviceId,
  verified: VerifiedPage,
): Promise<FittingPage | Extract<PageOutcome, { outcome: 'refused' }>> {
  try {
    return await fitPage(tx, ownDevice, verified);
  } catch (error) {
    if (!isAboutThePage(error)) throw error;
    return { outcome: 'refused', caseId: verified.page.case, code: error.code };
  }
}

/** Everything else (a full disk, a defect) concerns the whole transaction. */
function isAboutThePage(error: unknown): error is TmaError {
  return error instanceof TmaError && pageCodes.has(error.code);
}

const pageCodes: ReadonlySet<string> = new Set([
  'service.log-contradicts',
  'service.answer-invalid',
  'change.chain-broken',
]);
