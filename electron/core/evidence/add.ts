/**
 * A file becomes evidence: encrypted while it comes in, looked at by its first bytes, hashed, and then noted in the
 * case together with the first link of its chain of custody. Killed on the way, either all of it is in the case or a
 * nameless encrypted file is left, which the next opening removes.
 */
import { toBase64Url } from '../../../shared/bytes.ts';
import type { ParsedInputOf } from '../../../shared/contract/procedures.ts';
import { maxEvidenceBytes } from '../../../shared/domain/kinds/evidence.ts';
import { evidenceName } from '../../../shared/domain/mediaTypes.ts';
import { TmaError } from '../../../shared/errors.ts';
import { newId, type RecordId } from '../../../shared/ids.ts';
import { type BlobContent, blobIdOf } from '../../../shared/sync/blobs.ts';
import { commitDrafts, requireCase } from '../cases/edit.ts';
import { iso } from '../cases/views.ts';
import type { IncomingFile } from '../files/transfers.ts';
import { newFields } from '../intake/drafts.ts';
import type { Workspace } from '../session/workspace.ts';
import { sealedBytes } from '../vault/attachments/format.ts';
import type { AttachmentRef, AttachmentStore } from '../vault/attachments/store.ts';
import { custodyDraft } from './custody.ts';
import { headBytes, sniff } from './sniff.ts';

type Adding = ParsedInputOf<'evidence.add'>;

interface Added {
  readonly ref: AttachmentRef;
  readonly mediaType: string;
}

/**
 * @throws TmaError `case.not-found`, `evidence.type-refused`, `evidence.too-large`, `files.interrupted`,
 *   `vault.disk-full`; nothing of the file is then left.
 */
export async function addEvidence(
  workspace: Workspace,
  store: AttachmentStore,
  { adding, file }: { readonly adding: Adding; readonly file: IncomingFile },
): Promise<RecordId> {
  await workspace.vault.read((tx) => requireCase(tx, adding.caseId));
  if (file.sizeBytes > maxEvidenceBytes) {
    throw new TmaError('evidence.too-large', { maxMegabytes: maxEvidenceBytes / 1024 / 1024 });
  }
  const added = await takeIn(store, adding.name, file);
  try {
    return await note(workspace, adding, added);
  } catch (error) {
    await store.remove(added.ref.name);
    throw error;
  } finally {
    added.ref.key.fill(0);
  }
}

async function takeIn(store: AttachmentStore, name: string, file: IncomingFile): Promise<Added> {
  let mediaType = '';
  const watched = async function* (): AsyncGenerator<Uint8Array> {
    const head = Buffer.alloc(Math.min(headBytes, file.sizeBytes));
    let filled = 0;
    for await (const bytes of file.content) {
      // A piece is handed on at once; a file that turns out to be none of ours is then forgotten again.
      if (filled < head.length) {
        head.set(bytes.subarray(0, head.length - filled), filled);
        filled = Math.min(head.length, filled + bytes.length);
        if (filled === head.length) {
          mediaType = await sniff(name, head);
          head.fill(0);
        }
      }
      yield bytes;
    }
  };
  return { ref: await store.write(watched()), mediaType };
}

async function note(workspace: Workspace, adding: Adding, { ref, mediaType }: Added): Promise<RecordId> {
  const { caseId, description, source, occurredAt } = adding;
  const { author, owner } = workspace;
  const record = newId<RecordId>(author.ids);
  const nowIso = iso(workspace.nowMs());
  const values = {
    name: evidenceName(adding.name, mediaType),
    mediaType,
    sizeBytes: ref.sizeBytes,
    sha256: Buffer.from(ref.sha256).toString('hex'),
    content: contentOf(workspace, ref),
    description: description ?? undefined,
    source: source ?? undefined,
    occurredAt: occurredAt ?? undefined,
    addedAt: nowIso,
    addedBy: owner.userId,
  };
  await workspace.vault.write(async (tx) => {
    await requireCase(tx, caseId);
    const created = {
      record,
      kind: 'evidence',
      op: 'create',
      fields: newFields('evidence', values),
    } as const;
    const custody = custodyDraft(workspace, { evidence: record, event: 'added', reason: null });
    const audit = { action: 'evidence.added', caseId, recordId: record } as const;
    await commitDrafts(tx, workspace, { caseId, drafts: [created, custody], audit });
    const row = { file: ref.name, case_id: caseId, record_id: record, is_sent: 0 } as const;
    await tx.insertInto('attachments').values(row).execute();
  });
  workspace.edited(caseId);
  return record;
}

function contentOf({ author }: Workspace, ref: AttachmentRef): BlobContent {
  const sizeBytes = sealedBytes(ref.sizeBytes);
  const parts = ref.parts.map(toBase64Url);
  const blob = blobIdOf({ sizeBytes, parts }, author.crypto);
  return { blob, file: ref.name, key: toBase64Url(ref.key), sizeBytes, parts };
}
