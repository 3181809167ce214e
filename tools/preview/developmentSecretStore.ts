/**
 * A secret store for DEVELOPMENT: it keeps the device secret in a plain file beside the vault, so it protects
 * nothing against whoever has the disk. The product uses the keystore of the operating system.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SecretStore } from '../../electron/core/process/control.ts';
import { TmaError } from '../../shared/errors.ts';

const fileName = 'development-only-secrets.json';
const fileSchema = z.record(z.string(), z.base64());

type Secrets = z.infer<typeof fileSchema>;

/** Reads and writes throw `vault.secret-missing` if the file is there and cannot be read as ours. */
export function developmentSecretStore(profileDir: string): SecretStore {
  const path = join(profileDir, fileName);
  let lastWrite: Promise<void> = Promise.resolve();
  const edit = (change: (secrets: Secrets) => void): Promise<void> => {
    const write = lastWrite.then(async () => {
      const secrets = await readSecrets(path);
      change(secrets);
      await mkdir(profileDir, { recursive: true, mode: 0o700 });
      await writeWhole(path, JSON.stringify(secrets));
    });
    lastWrite = write.catch(() => {});
    return write;
  };
  return {
    backend: 'development-file',
    async get(name) {
      const value = (await readSecrets(path))[name];
      return value === undefined ? null : Buffer.from(value, 'base64');
    },
    set: (name, value) =>
      edit((secrets) => {
        secrets[name] = Buffer.from(value).toString('base64');
      }),
    delete: (name) =>
      edit((secrets) => {
        delete secrets[name];
      }),
  };
}

async function readSecrets(path: string): Promise<Secrets> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new TmaError('vault.secret-missing', undefined, thrown);
  }
}

/** The old file or the new one, never half of one, whatever happens while writing. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
