/** Several pages in one transaction; one that does not fit is refused before it writes and stops no other. */
import type { Kysely } from 'kysely';
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import { isDue, markDue } from '../search/due.ts';
import { applyPage, type FittingPage, fitPage } from './applyPage.ts';
import type { PageOutcome, VerifiedPage } from './logPort.ts';
import type { VaultTables } from './tables.ts';

export interface PagesToApply {
  readonly pages: readonly VerifiedPage[];
  /** As in `LocalLog.applyCasePages`. */
  readonly isBulk: boolean;
}

export async function applyPages(
  tx: Kysely<VaultTables>,
  ownDevice: DeviceId,
  { pages, isBulk }: PagesToApply,
): Promise<readonly PageOutcome[]> {
  const outcomes: PageOutcome[] = [];
  const due: CaseId[] = [];
  for (const verified of pages) {
    const fitting = await fitOrRefuse(tx, ownDevice, verified);
    if ('outcome' in fitting) {
      outcomes.push(fitting);
      continue;
    }
    const isLater = isBulk && (fitting.isNew || (await isDue(tx, fitting.row.id)));
    // No savepoint: each would make the full-text index write out what it has gathered so far.
    outcomes.push({ outcome: 'applied', ...(await applyPage(tx, fitting, isLater ? 'later' : 'now')) });
    if (isLater) due.push(fitting.row.id);
  }
  await markDue(tx, due);
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
