/**
 * The log of a case leaves the laptop as a file that anybody can check: without its content, with everything that the
 * chain, the signatures and the witness prove. Noted in the audit log before the first byte is written.
 */
import type { OutputOf } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { type ChainLine, chainText } from '../../../shared/integrity/chainFile.ts';
import { openPlace } from '../files/place.ts';
import type { FilePlace } from '../process/control.ts';
import type { CoreDeps } from '../process/coreDeps.ts';
import type { Workspace } from '../session/workspace.ts';
import { chainOf } from './chain.ts';
import { requireCase } from './edit.ts';

/** So many lines are written at a time. */
const linesAtOnce = 500;

/** @throws TmaError `case.not-found`, `case.log-incomplete`, `files.place-refused`, `vault.disk-full`. */
export async function exportLog(
  workspace: Workspace,
  choosePlace: CoreDeps['choosePlace'],
  caseId: CaseId,
): Promise<OutputOf<'cases.exportLog'>> {
  const { number, lines } = await workspace.vault.read(async (tx) => {
    const row = await requireCase(tx, caseId);
    const chain = await chainOf(tx, workspace, row);
    // Without a signed head at its end nobody could tell the log from one that was cut off.
    if (chain.entries.length === 0 || chain.kept?.position !== chain.entries.length)
      throw new TmaError('case.log-incomplete');
    return { number: row.number, lines: chain.lines };
  });
  const place = await choosePlace({ name: `tma-${number ?? 'case'}-log.jsonl`, sizeBytes: null });
  if (place === null) return { saved: false };
  const noted = () =>
    workspace.vault.write((tx) => workspace.audit(tx, { action: 'case.log-exported', caseId }));
  await write(place, noted, lines);
  return { saved: true };
}

async function write(
  place: FilePlace,
  noted: () => Promise<void>,
  lines: readonly ChainLine[],
): Promise<void> {
  const sink = await openPlace(place);
  try {
    await noted();
    for (let at = 0; at < lines.length; at += linesAtOnce)
      await sink.write(Buffer.from(chainText(lines.slice(at, at + linesAtOnce)), 'utf8'));
    await sink.finish();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}
