/**
 * Attachments beside the vault, each encrypted under a key of its own. What is kept about one ({@link
 * AttachmentRef}) belongs into the vault: without it the file is noise, and deleting it there destroys the
 * attachment wherever copies of the file may be. Streams both ways; a few chunks are in memory at a time.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TmaError } from '../../../../shared/errors.ts';
import { vaultFailure } from '../failures.ts';
import { folderOf, syncFolder } from './folder.ts';
import {
  chunkBytes,
  chunkCount,
  openChunk,
  partChunks,
  piecesOf,
  release,
  sealChunk,
  sealedBytes,
  tagBytes,
} from './format.ts';

export interface AttachmentRef {
  /** Random, 32 hexadecimal digits: the name of the file on disk says nothing. */
  readonly name: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly sizeBytes: number;
  /** Of the plain content, for the chain of custody. */
  readonly sha256: Uint8Array;
  /** SHA-256 of each part of the encrypted file (`shared/sync/blobs.ts`). */
  readonly parts: readonly Uint8Array[];
}

/** What reading needs. */
export type AttachmentKey = Pick<AttachmentRef, 'name' | 'key' | 'sizeBytes'>;

export interface AttachmentStore {
  /**
   * Encrypts the stream into a new file; durable once resolved. Keep the result in the vault.
   * @throws TmaError `vault.disk-full`, `vault.read-only`; then nothing is left of it.
   */
  write(source: AsyncIterable<Uint8Array>): Promise<AttachmentRef>;
  /**
   * The content, chunk by chunk, each verified before it is handed out. Who is done with a chunk calls
   * `release` on it: that wipes it, and keeps a large file from filling the memory with garbage.
   * @throws TmaError `vault.missing`, `vault.damaged`.
   */
  read(ref: AttachmentKey, fromChunk?: number): AsyncGenerator<Uint8Array>;
  /** Removing what is not there is not an error. */
  remove(name: string): Promise<void>;
  /** Names of all finished files; those the vault does not know were being added when the program died. */
  list(): Promise<readonly string[]>;
  /** Deletes what a program that died was still writing. Call it when no other program can be writing. */
  removeUnfinished(): Promise<void>;
}

const unfinished = '.part';

export function attachmentStore(profileFolder: string): AttachmentStore {
  const folder = folderOf(profileFolder);
  return {
    write: (source) => writeFile(folder, source),
    read: (ref, fromChunk = 0) => readFile(join(folder, ref.name), ref, fromChunk),
    remove: (name) => rm(join(folder, name), { force: true }),
    list: async () => (await namesIn(folder)).filter((name) => /^[0-9a-f]{32}$/.test(name)),
    async removeUnfinished() {
      const names = (await namesIn(folder)).filter((name) => name.endsWith(unfinished));
      for (const name of names) await rm(join(folder, name), { force: true });
    },
  };
}

async function writeFile(folder: string, source: AsyncIterable<Uint8Array>): Promise<AttachmentRef> {
  const name = randomBytes(16).toString('hex');
  const path = join(folder, name);
  const key = randomBytes(32);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = await open(path + unfinished, 'wx', 0o600);
    try {
      const written = await sealInto(file, { name, key }, source);
      await file.sync();
      await rename(path + unfinished, path);
      await syncFolder(folder);
      return { name, key, ...written };
    } finally {
      await file.close();
    }
  } catch (error) {
    key.fill(0);
    await rm(path + unfinished, { force: true });
    throw vaultFailure(error);
  }
}

async function sealInto(
  file: FileHandle,
  { name, key }: Pick<AttachmentRef, 'name' | 'key'>,
  source: AsyncIterable<Uint8Array>,
): Promise<Pick<AttachmentRef, 'sizeBytes' | 'sha256' | 'parts'>> {
  const hash = createHash('sha256');
  const parts: Uint8Array[] = [];
  let part = createHash('sha256');
  let sizeBytes = 0;
  let index = 0;
  let waiting: Buffer | undefined;
  const put = async (plain: Buffer, final: boolean) => {
    const sealed = sealChunk(key, { name, index, final }, plain);
    await file.writeFile(sealed);
    for (const bytes of sealed) part.update(bytes);
    sealed.forEach(release);
    plain.fill(0);
    index += 1;
    if (index % partChunks !== 0 && !final) return;
    parts.push(part.digest());
    part = createHash('sha256');
  };
  // One piece behind, because only the end of the stream tells which one is the last.
  for await (const piece of piecesOf(source, chunkBytes)) {
    if (waiting !== undefined) await put(waiting, false);
    hash.update(piece);
    sizeBytes += piece.length;
    waiting = piece;
  }
  await put(waiting ?? Buffer.alloc(0), true);
  return { sizeBytes, sha256: hash.digest(), parts };
}

async function* readFile(path: string, ref: AttachmentKey, fromChunk: number): AsyncGenerator<Uint8Array> {
  const file = await openExisting(path);
  try {
    const { size } = await file.stat();
    if (size !== sealedBytes(ref.sizeBytes)) throw new TmaError('vault.damaged', { part: 'attachment' });
    const count = chunkCount(ref.sizeBytes);
    const buffer = Buffer.allocUnsafe(Math.min(ref.sizeBytes, chunkBytes) + tagBytes);
    for (let index = fromChunk; index < count; index++) {
      const final = index === count - 1;
      const plainBytes = final ? ref.sizeBytes - index * chunkBytes : chunkBytes;
      const sealed = buffer.subarray(0, plainBytes + tagBytes);
      await file.read(sealed, 0, sealed.length, index * (chunkBytes + tagBytes));
      yield openChunk(ref.key, { name: ref.name, index, final }, sealed);
    }
  } finally {
    await file.close();
  }
}

async function openExisting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw missing ? new TmaError('vault.missing', { part: 'attachment' }, error) : vaultFailure(error);
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

export { release };
