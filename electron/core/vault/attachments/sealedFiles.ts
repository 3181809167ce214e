/**
 * Attachments as they travel: the encrypted file in parts (`shared/sync/blobs.ts`), which nobody has to open to carry.
 * What is being fetched lies beside the others with an ending of its own, part after part, each durable before the
 * next; after a break or a power cut it goes on behind the last whole part.
 */
import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TmaError } from '../../../../shared/errors.ts';
import { blobPartBytes } from '../../../../shared/sync/blobs.ts';
import { vaultFailure } from '../failures.ts';
import { folderOf, syncFolder } from './folder.ts';

export interface SealedFiles {
  /** The bytes of one part. @throws TmaError `vault.missing`, `vault.damaged`. */
  readPart(file: string, part: number): Promise<Uint8Array>;
  /** Begins to fetch a file, or goes on with it. @throws TmaError `vault.disk-full`, `vault.read-only`. */
  receive(file: string): Promise<Receiving>;
  /** Names of the files that were begun to be fetched and are not whole. */
  begun(): Promise<readonly string[]>;
  /** Removes what was fetched of a file that is not whole; nothing where there is none. */
  forget(file: string): Promise<void>;
}

export interface Receiving {
  /** How many parts are here already. */
  readonly parts: number;
  /** The next part, durable once resolved. @throws TmaError `vault.disk-full`. */
  append(bytes: Uint8Array): Promise<void>;
  /** The file is whole and takes its name. */
  finish(): Promise<void>;
  /** Puts it aside until it is gone on with; after `finish` nothing is left to do. */
  close(): Promise<void>;
}

const fetching = '.fetch';

export function sealedFiles(profileFolder: string): SealedFiles {
  const folder = folderOf(profileFolder);
  return {
    async readPart(file, part) {
      const handle = await open(join(folder, file), 'r').catch((error: unknown) => {
        throw new TmaError('vault.missing', { part: 'attachment' }, error);
      });
      try {
        const { size } = await handle.stat();
        const length = Math.max(0, Math.min(blobPartBytes, size - part * blobPartBytes));
        const bytes = Buffer.alloc(length);
        await handle.read(bytes, 0, length, part * blobPartBytes);
        return bytes;
      } finally {
        await handle.close();
      }
    },
    receive: (file) => guarded(() => receive(folder, file)),
    async begun() {
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => name.endsWith(fetching)).map((name) => name.slice(0, -fetching.length));
    },
    forget: (file) => rm(join(folder, file + fetching), { force: true }),
  };
}

async function receive(folder: string, file: string): Promise<Receiving> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, file);
  const handle: FileHandle = await open(path + fetching, 'a+', 0o600);
  const parts = Math.floor((await handle.stat()).size / blobPartBytes);
  // A part that was cut off is fetched again.
  await handle.truncate(parts * blobPartBytes);
  return {
    parts,
    append: (bytes) =>
      guarded(async () => {
        await handle.writeFile(bytes);
        await handle.sync();
      }),
    finish: () =>
      guarded(async () => {
        await rename(path + fetching, path);
        await syncFolder(folder);
      }),
    close: () => handle.close(),
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw vaultFailure(error);
  }
}
