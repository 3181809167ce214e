/** Several pages in one transaction; one that does not fit leaves nothing behind and stops no other. */
import { type Kysely, sql } from 'kysely';
import { TmaError } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { applyPage } from './applyPage.ts';
import type { PageOutcome, VerifiedPage } from './logPort.ts';
import type { VaultTables } from './tables.ts';

export async function applyPages(
  tx: Kysely<VaultTables>,
  ownDevice: DeviceId,
  pages: readonly VerifiedPage[],
): Promise<readonly PageOutcome[]> {
  const outcomes: PageOutcome[] = [];
  for (const page of pages) outcomes.push(await applyOrUndo(tx, ownDevice, page));
  return outcomes;
}

async function applyOrUndo(
  tx: Kysely<VaultTables>,
  ownDevice: DeviceId,
  verified: VerifiedPage,
): Promise<PageOutcome> {
  await sql`SAVEPOINT page`.execute(tx);
  try {
    const applied = await applyPage(tx, ownDevice, verified);
    await sql`RELEASE page`.execute(tx);
    return { outcome: 'applied', ...applied };
  } catch (error) {
    if (!isAboutThePage(error)) throw error;
    await sql`ROLLBACK TO page`.execute(tx);
    await sql`RELEASE page`.execute(tx);
    return { outcome: 'refused', caseId: verified.page.case, code: error.code };
  }
}

/** Everything else (a full disk, a defect) concerns the whole transaction. */
function isAboutThePage(error: unknown): error is TmaError {
  return (
    error instanceof TmaError &&
    (error.code.startsWith('change.') ||
      error.code === 'service.log-contradicts' ||
      error.code === 'service.answer-invalid')
  );
}
