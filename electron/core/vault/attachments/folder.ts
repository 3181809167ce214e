import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the attachments of a profile lie. */
export function folderOf(profileFolder: string): string {
  return join(profileFolder, 'attachments');
}

/** Makes a rename durable; Windows cannot open a folder and needs no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
