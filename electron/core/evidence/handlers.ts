import type { Handlers } from '../../../shared/contract/procedures.ts';
import { shownAs } from '../../../shared/domain/mediaTypes.ts';
import { TmaError } from '../../../shared/errors.ts';
import { removedField } from '../../../shared/sync/change.ts';
import { commitDrafts, requireCase } from '../cases/edit.ts';
import { isBlank } from '../cases/editRules.ts';
import type { Transfers } from '../files/transfers.ts';
import type { CoreDeps } from '../process/coreDeps.ts';
import type { Workspace } from '../session/workspace.ts';
import type { ChangeDraft } from '../storage/ownChanges.ts';
import { chunkBytes } from '../vault/attachments/format.ts';
import { type AttachmentStore, release } from '../vault/attachments/store.ts';
import { addEvidence } from './add.ts';
import type { Carrier } from './carrier.ts';
import { custodyDraft } from './custody.ts';
import { exportEvidence } from './export.ts';
import { findEvidence } from './find.ts';

type Name = Extract<keyof Handlers, `evidence.${string}`>;

export interface EvidenceParts {
  readonly store: AttachmentStore;
  readonly transfers: Pick<Transfers, 'take'>;
  readonly choosePlace: CoreDeps['choosePlace'];
  readonly carrier: Pick<Carrier, 'fetch'>;
}

export function evidenceHandlers(workspace: Workspace, parts: EvidenceParts): Pick<Handlers, Name> {
  const { vault } = workspace;
  const { store, transfers } = parts;
  return {
    'evidence.places': ({ caseId }) =>
      vault.read(async (tx) => {
        await requireCase(tx, caseId);
        const rows = await tx
          .selectFrom('attachments')
          .select(['record_id', 'is_sent'])
          .where('case_id', '=', caseId)
          .execute();
        return { here: rows.map((row) => ({ recordId: row.record_id, isSent: row.is_sent === 1 })) };
      }),
    async 'evidence.add'(adding) {
      const file = transfers.take(adding.transfer);
      try {
        return { recordId: await addEvidence(workspace, store, { adding, file }) };
      } finally {
        file.drop();
      }
    },
    async 'evidence.fetch'({ caseId, recordId }) {
      const { attachment, content, isHere } = await vault.read((tx) =>
        findEvidence(tx, { caseId, recordId }),
      );
      attachment.key.fill(0);
      if (!isHere) await parts.carrier.fetch({ caseId, recordId, content });
      return {};
    },
    async 'evidence.read'({ caseId, recordId, chunk }) {
      const found = await vault.read((tx) => findEvidence(tx, { caseId, recordId }));
      const { attachment, isHere, mediaType } = found;
      try {
        if (shownAs(mediaType) === null) throw new TmaError('evidence.type-refused');
        if (!isHere) throw new TmaError('evidence.not-here');
        if (chunk * chunkBytes >= attachment.sizeBytes) throw new TmaError('input.invalid');
        if (chunk === 0) {
          await vault.write((tx) => workspace.audit(tx, { action: 'evidence.read', caseId, recordId }));
        }
        for await (const bytes of store.read(attachment, chunk)) {
          const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
          release(bytes);
          return { bytes: text, isLast: (chunk + 1) * chunkBytes >= attachment.sizeBytes };
        }
        throw new TmaError('vault.damaged', { part: 'attachment' });
      } finally {
        attachment.key.fill(0);
      }
    },
    'evidence.export': (wanted) => exportEvidence(workspace, parts, wanted),
    async 'evidence.remove'({ caseId, recordId, reason }) {
      if (isBlank(reason)) throw new TmaError('evidence.reason-missing');
      await vault.write(async (tx) => {
        const { view, attachment } = await findEvidence(tx, { caseId, recordId });
        attachment.key.fill(0);
        const saw = [...new Set(Object.values(view.saw).flat())];
        const removed: ChangeDraft = {
          ...{ record: recordId, kind: 'evidence', op: 'remove' },
          fields: { [removedField]: { value: true, saw } },
        };
        const custody = custodyDraft(workspace, { evidence: recordId, event: 'removed', reason });
        const audit = { action: 'evidence.removed', caseId, recordId } as const;
        await commitDrafts(tx, workspace, { caseId, drafts: [removed, custody], audit });
      });
      workspace.edited(caseId);
      return {};
    },
  };
}
