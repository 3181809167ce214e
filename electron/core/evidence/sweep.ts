/** Encrypted files that belong to nothing any more: of cases that were taken away, and of programs that died. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseId } from '../../../shared/ids.ts';
import { blobContentSchema } from '../../../shared/sync/blobs.ts';
import { viewRecord } from '../../../shared/sync/view.ts';
import type { Db } from '../session/workspace.ts';
import type { LocalLog } from '../storage/logPort.ts';
import { recordColumns, storedRecord } from '../storage/storedRecord.ts';
import type { SealedFiles } from '../vault/attachments/sealedFiles.ts';
import type { AttachmentStore } from '../vault/attachments/store.ts';

export interface Swept {
  readonly db: Db;
  readonly store: AttachmentStore;
  readonly files: Pick<SealedFiles, 'begun' | 'forget'>;
}

/**
 * Removes what a program that died was still writing, and files of cases that were taken away, fetched or begun to be:
 * their keys are gone with the cases. Nothing finished is removed while a vault lies set aside, whose files they may
 * be. Call it before anything can be added.
 */
export async function sweepAttachments({ db, store, files }: Swept, profileFolder: string): Promise<void> {
  await store.removeUnfinished();
  const begun = await files.begun();
  const wanted = begun.length === 0 ? [] : await filesNamed(db);
  for (const file of begun) if (!wanted.includes(file)) await files.forget(file);
  if (existsSync(join(profileFolder, 'set-aside'))) return;
  const rows = await db.selectFrom('attachments').select('file').execute();
  const known = new Set(rows.map(({ file }) => file));
  for (const name of await store.list()) if (!known.has(name)) await store.remove(name);
}

/** The log of changes, which takes a case's files off the disk with the case. */
export function takingFilesAlong(log: LocalLog, { db, store, files }: Swept): LocalLog {
  return {
    ...log,
    async dropCase(caseId, seal, isLast) {
      const names = await filesNamed(db, caseId);
      const isGone = await log.dropCase(caseId, seal, isLast);
      if (!isGone) return false;
      for (const name of names) {
        // A file that is being read just now: without its key it is noise, and the next opening removes it.
        await store.remove(name).catch(() => undefined);
        await files.forget(name).catch(() => undefined);
      }
      return true;
    },
  };
}

/** The names that the evidence of a case, or of all cases, gives its files. */
async function filesNamed(db: Db, caseId?: CaseId): Promise<readonly string[]> {
  const all = db.selectFrom('records').select(recordColumns).where('kind', '=', 'evidence');
  const rows = await (caseId === undefined ? all : all.where('case_id', '=', caseId)).execute();
  return rows.flatMap((row) => {
    const content = blobContentSchema.safeParse(viewRecord(storedRecord(row).state).values.content);
    return content.success ? [content.data.file] : [];
  });
}
