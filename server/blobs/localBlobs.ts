/** Attachments in a folder: for one machine, development and tests. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '../config.ts';
import { readIfThere } from '../keys/files.ts';
import { type BlobStore, blobPath, blobPrefix } from './blobStore.ts';

export function localBlobs(dir: string): BlobStore {
  return {
    async put(place, bytes) {
      const file = join(dir, blobPath(place));
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const draft = `${file}.${randomBytes(6).toString('hex')}`;
      await writeFile(draft, bytes, { mode: 0o600, flush: true });
      await rename(draft, file);
    },
    get: (place) => readIfThere(join(dir, blobPath(place))),
    remove: (place) => rm(join(dir, blobPrefix(place)), { recursive: true, force: true }),
    async check() {
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const probe = join(dir, `probe.${randomBytes(6).toString('hex')}`);
        await writeFile(probe, '');
        await rm(probe);
      } catch (cause) {
        throw new ConfigError('blobs: the folder cannot be written to.', { cause });
      }
    },
    close: () => undefined,
  };
}
