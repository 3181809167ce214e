/** Encrypted files that belong to nothing any more. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../session/workspace.ts';
import type { AttachmentStore } from '../vault/attachments/store.ts';

/**
 * Removes what a program that died was still writing, and files of cases that were taken away: their keys are gone
 * with the cases. Nothing is removed while a vault lies set aside, whose files they may be. Call it before anything
 * can be added.
 */
export async function sweepAttachments(db: Db, profileFolder: string, store: AttachmentStore): Promise<void> {
  await store.removeUnfinished();
  if (existsSync(join(profileFolder, 'set-aside'))) return;
  const rows = await db.selectFrom('attachments').select('file').execute();
  const known = new Set(rows.map(({ file }) => file));
  for (const name of await store.list()) if (!known.has(name)) await store.remove(name);
}
