/**
 * The operating system's keystore behind the {@link SecretStore} port. Electron's `safeStorage` encrypts with a
 * key that the keystore holds; the encrypted values lie in a file beside the profile.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { TmaError } from '../../shared/errors.ts';
import type { SecretStore } from '../core/process/control.ts';
import { keystoreVerdict } from '../policy/keystore.ts';
import type { ElectronApi } from './api.ts';

const fileSchema = z.record(z.string(), z.base64());
type Entries = z.infer<typeof fileSchema>;

export interface KeystoreDeps {
  readonly safeStorage: ElectronApi['safeStorage'];
  readonly platform: string;
  readonly path: string;
}

/**
 * A store whose every call throws `vault.secret-missing` (with the backend's name) when the system has no real
 * keystore, or when the keystore or the file does not give the secret back. Call it once the program is ready.
 */
export async function openKeystore(deps: KeystoreDeps): Promise<SecretStore> {
  const { safeStorage, path } = deps;
  const verdict = keystoreVerdict({
    platform: deps.platform,
    available: await safeStorage.isAsyncEncryptionAvailable(),
    linuxBackend: deps.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : '',
  });
  const { backend } = verdict;
  const refuse = (cause?: unknown) => new TmaError('vault.secret-missing', { backend }, cause);
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(async () => {
      if (!verdict.usable) throw refuse();
      return work();
    });
    turn = result.catch(() => {});
    return result.catch((thrown: unknown) => {
      throw thrown instanceof TmaError ? thrown : refuse(thrown);
    });
  };
  const edit = (change: (entries: Entries) => void) =>
    inTurn(async () => {
      const entries = await readEntries(path);
      change(entries);
      await writeWhole(path, JSON.stringify(entries));
    });

  return {
    backend,
    get: (name) =>
      inTurn(async () => {
        const entry = (await readEntries(path))[name];
        if (entry === undefined) return null;
        const { result } = await safeStorage.decryptStringAsync(Buffer.from(entry, 'base64'));
        return Buffer.from(result, 'base64');
      }),
    async set(name, value) {
      if (!verdict.usable) throw refuse();
      const entry = await safeStorage
        .encryptStringAsync(Buffer.from(value).toString('base64'))
        .catch((thrown) => {
          throw refuse(thrown);
        });
      await edit((entries) => {
        entries[name] = entry.toString('base64');
      });
    },
    delete: (name) =>
      edit((entries) => {
        delete entries[name];
      }),
  };
}

async function readEntries(path: string): Promise<Entries> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  return fileSchema.parse(JSON.parse(text));
}

/** The old file or the new one, never half of one, whatever happens while writing. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
