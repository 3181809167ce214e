/**
 * Checks the log of a case on this laptop from its first entry on, as `npm run verify:chain` does with an exported one:
 * nothing is asked of the service. What its witness said last is at hand and is checked as well.
 */
import { fromBase64Url } from '../../../shared/bytes.ts';
import type { VerifyView } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { arrange } from '../../../shared/integrity/chainFile.ts';
import { type SoundChain, verifyChain } from '../../../shared/integrity/verifyChain.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import { chainOf } from './chain.ts';
import { requireCase } from './edit.ts';

/** @throws TmaError `case.not-found` */
export async function verifyCase(tx: Db, workspace: Workspace, caseId: CaseId): Promise<VerifyView> {
  const row = await requireCase(tx, caseId);
  const { owner, author } = workspace;
  const { lines, entries } = await chainOf(tx, workspace, row);
  const file = arrange(lines);
  const shared = { serviceKey: owner.serviceKey, unsent: row.unsent };
  if (file === undefined || fromBase64Url(owner.serviceKey) === undefined)
    return { outcome: 'broken', at: { kind: 'unreadable' }, ...shared };
  const { crypto } = author;
  const verdict = verifyChain(file, { crypto, caseId, serviceKey: owner.serviceKey, goesOn: true });
  if (verdict.outcome === 'broken') return { outcome: 'broken', at: verdict.at, ...shared };
  // The cursor that the service is asked with has to be what the entries add up to.
  if (entries.length !== row.log_position || verdict.head.running !== row.log_running)
    return { outcome: 'broken', at: { kind: 'truncated', position: entries.length + 1 }, ...shared };
  const { devices, signatures } = verdict;
  const witnessed = witnessView(verdict.witnessed);
  return { outcome: 'sound', entries: entries.length, devices, signatures, witnessed, ...shared };
}

function witnessView(witnessed: SoundChain['witnessed']) {
  return witnessed && { position: witnessed.position, at: witnessed.statement.hour };
}
