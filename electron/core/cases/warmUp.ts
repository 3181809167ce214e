/**
 * In the first quiet moments after unlocking: reads the cases that a person is likely to open first, as they would be
 * read for the screen, and forgets them again. What opening a case takes longest the first time, decrypting its pages
 * and compiling the program's own code, is done by then. Nobody has seen them, so it is no reading to be audited.
 */
import { procedures } from '../../../shared/contract/procedures.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { Workspace } from '../session/workspace.ts';
import { readCase } from './read.ts';

const fromMyDay = 8;
const latest = 8;

export interface Quiet {
  /** Resolves before each case, false when it is over: a few hundredths of a second of work follow. */
  readonly moment: () => Promise<boolean>;
}

export async function warmUp(workspace: Workspace, { moment }: Quiet): Promise<void> {
  if (!(await moment())) return;
  for (const caseId of await likelyNext(workspace)) {
    if (!(await moment())) return;
    const view = await workspace.vault.read((tx) => readCase(tx, workspace, caseId)).catch(() => undefined);
    // The dispatcher does the same before anything leaves the process.
    procedures['cases.get'].output.safeParse(view);
  }
}

function likelyNext({ vault, owner }: Workspace): Promise<ReadonlySet<CaseId>> {
  return vault.read(async (tx) => {
    const due = await tx
      .selectFrom('cases')
      .select('id')
      .where('lead', '=', owner.userId)
      .where('reassess_by', 'is not', null)
      .orderBy('due_ms')
      .limit(fromMyDay)
      .execute();
    const changed = await tx
      .selectFrom('cases')
      .select('id')
      .orderBy('updated_ms', 'desc')
      .limit(latest)
      .execute();
    return new Set([...due, ...changed].map(({ id }) => id));
  });
}
