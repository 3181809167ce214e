/**
 * A piece of evidence leaves the vault: for a reason, to a place the person chooses, and never unnoticed. The link in
 * the chain of custody and the audit entry are committed before the first byte is written, so what could not be noted
 * does not leave; an export that broke off is noted as well, because something may have left.
 */
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { commitDrafts } from '../cases/edit.ts';
import { isBlank } from '../cases/editRules.ts';
import { type FileSink, openPlace } from '../files/place.ts';
import type { FilePlace } from '../process/control.ts';
import type { Workspace } from '../session/workspace.ts';
import { type AttachmentKey, type AttachmentStore, release } from '../vault/attachments/store.ts';
import { custodyDraft } from './custody.ts';
import { findEvidence } from './find.ts';
import type { EvidenceParts } from './handlers.ts';

type Wanted = ParsedInputOf<'evidence.export'>;

/**
 * @throws TmaError `evidence.reason-missing`, `evidence.not-here`, `record.not-found`, `files.place-refused`,
 *   `vault.disk-full`, `vault.damaged`.
 */
export async function exportEvidence(
  workspace: Workspace,
  { store, choosePlace }: Pick<EvidenceParts, 'store' | 'choosePlace'>,
  wanted: Wanted,
): Promise<OutputOf<'evidence.export'>> {
  if (isBlank(wanted.reason)) throw new TmaError('evidence.reason-missing');
  const { attachment, isHere, name } = await workspace.vault.read((tx) => findEvidence(tx, wanted));
  try {
    if (!isHere) throw new TmaError('evidence.not-here');
    const place = await choosePlace({ name, sizeBytes: attachment.sizeBytes });
    if (place === null) return { saved: false };
    await write(place, () => note(workspace, wanted), { store, attachment });
    return { saved: true };
  } finally {
    attachment.key.fill(0);
  }
}

async function note(workspace: Workspace, { caseId, recordId, reason }: Wanted): Promise<void> {
  await workspace.vault.write(async (tx) => {
    const drafts = [custodyDraft(workspace, { evidence: recordId, event: 'exported', reason })];
    const audit = { action: 'evidence.exported', caseId, recordId } as const;
    await commitDrafts(tx, workspace, { caseId, drafts, audit });
  });
  workspace.edited(caseId);
}

interface Leaving {
  readonly store: AttachmentStore;
  readonly attachment: AttachmentKey;
}

async function write(
  place: FilePlace,
  noted: () => Promise<void>,
  { store, attachment }: Leaving,
): Promise<void> {
  const sink: FileSink = await openPlace(place);
  try {
    await noted();
    for await (const bytes of store.read(attachment)) {
      await sink.write(bytes);
      release(bytes);
    }
    await sink.finish();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}
