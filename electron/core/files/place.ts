/** Writing a file that leaves the vault to the place its host and the person chose. */
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { u32 } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { FilePlace } from '../process/control.ts';
import { vaultFailure } from '../vault/failures.ts';

/** Takes a file's bytes in order. */
export interface FileSink {
  /** @throws TmaError `files.place-refused`, `vault.disk-full`. */
  write(bytes: Uint8Array): Promise<void>;
  /** The file is whole: durable where it is a file, and only now in the place of an older one. */
  finish(): Promise<void>;
  /** Nothing is left of what was written; never throws. */
  discard(): Promise<void>;
}

/** @throws TmaError as {@link FileSink.write}. */
export async function openPlace(place: FilePlace): Promise<FileSink> {
  return place.type === 'file' ? fileSink(place.path) : pipeSink(place.path);
}

/** A file of the system; an older one of that name stays whole until the new one is. */
export async function fileSink(path: string): Promise<FileSink> {
  const part = `${path}.part`;
  let file: FileHandle | undefined = await guarded(() => open(part, 'w', 0o600));
  const close = async (): Promise<void> => {
    const opened = file;
    file = undefined;
    await opened?.close();
  };
  return {
    write: (bytes) => guarded(async () => void (await file?.writeFile(bytes))),
    finish: () =>
      guarded(async () => {
        await file?.sync();
        await close();
        await rename(part, path);
      }),
    async discard() {
      await close().catch(() => undefined);
      await rm(part, { force: true }).catch(() => undefined);
    },
  };
}

/**
 * A pipe to the host that hands the file on: `{length u32, bytes}…`, and at the end one of length 0, without which
 * the other end knows that the file broke off.
 */
async function pipeSink(path: string): Promise<FileSink> {
  const socket = await guarded(() => connected(path));
  // Told to whoever writes next; without a listener it would end the process.
  let broken: Error | null = null;
  socket.on('error', (error) => {
    broken = error;
  });
  /** The bytes may be wiped as soon as this resolves. */
  const put = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      if (broken !== null || socket.destroyed) reject(broken ?? new Error('closed'));
      else socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  return {
    write: (bytes) =>
      guarded(async () => {
        if (bytes.length === 0) return;
        await put(u32(bytes.length));
        await put(bytes);
      }),
    finish: () =>
      guarded(async () => {
        await put(u32(0));
        await new Promise<void>((resolve) => socket.end(resolve));
      }),
    async discard() {
      socket.destroy();
    },
  };
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket));
    socket.once('error', reject);
  });
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = vaultFailure(error);
    const isFull = failure instanceof TmaError && failure.code === 'vault.disk-full';
    throw isFull ? failure : new TmaError('files.place-refused', undefined, error);
  }
}
