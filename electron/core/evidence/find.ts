/** A piece of evidence as this laptop knows it: what it is, and what opens it. */
import { fromBase64Url } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { type BlobContent, blobContentSchema } from '../../../shared/sync/blobs.ts';
import { type RecordView, viewRecord } from '../../../shared/sync/view.ts';
import { requireCase } from '../cases/edit.ts';
import type { Db } from '../session/workspace.ts';
import { loadRecord } from '../storage/recordStore.ts';
import type { AttachmentKey } from '../vault/attachments/store.ts';

export interface EvidenceId {
  readonly caseId: CaseId;
  readonly recordId: RecordId;
}

export interface Evidence extends EvidenceId {
  readonly view: RecordView;
  readonly name: string;
  readonly mediaType: string;
  readonly content: BlobContent;
  /** The caller zeroes the key. */
  readonly attachment: AttachmentKey;
  readonly isHere: boolean;
}

/** @throws TmaError `case.not-found`, `record.not-found`, also where a newer program wrote it in a way of its own. */
export async function findEvidence(db: Db, { caseId, recordId }: EvidenceId): Promise<Evidence> {
  await requireCase(db, caseId);
  const record = await loadRecord(db, caseId, recordId);
  const view = record?.state.kind === 'evidence' ? viewRecord(record.state) : undefined;
  if (view === undefined || view.removed) throw new TmaError('record.not-found');
  const content = blobContentSchema.safeParse(view.values.content);
  const key = content.success ? fromBase64Url(content.data.key) : undefined;
  const { name, mediaType, sizeBytes } = view.values;
  const isKnown = typeof name === 'string' && typeof mediaType === 'string' && typeof sizeBytes === 'number';
  if (!content.success || key === undefined || !isKnown) throw new TmaError('record.not-found');
  const row = await db
    .selectFrom('attachments')
    .select('file')
    .where('file', '=', content.data.file)
    .executeTakeFirst();
  return {
    ...{ caseId, recordId, view, name, mediaType, content: content.data, isHere: row !== undefined },
    attachment: { name: content.data.file, key, sizeBytes },
  };
}
