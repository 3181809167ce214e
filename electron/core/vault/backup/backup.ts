/** Writing a backup of a vault to a file the person chooses. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSink } from '../../files/place.ts';
import { attachmentStore } from '../attachments/store.ts';
import { chooseDriver } from '../drivers/choose.ts';
import { vaultFailure } from '../failures.ts';
import { copyClosedVault, discardNext, nextFile, settleFiles } from '../files.ts';
import { sealUserSlot, zeroVaultKey } from '../keys/slot.ts';
import type { RotateKeyOptions } from '../types.ts';
import { type Unlocked, unlockKey } from '../unlock.ts';
import { type BackupFile, type BackupManifest, encodeHead, encodeSlot } from './format.ts';

export interface BackupOptions extends RotateKeyOptions {
  /** Where the backup goes; finished only once it is whole, discarded when it will not be. */
  readonly target: FileSink;
  /** Told how far it has come. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface BackupSize {
  readonly sizeBytes: number;
  /** Files in it: the vault and its attachments. */
  readonly files: number;
}

/** In place of the keystore's secret: a backup has to open on another laptop. */
export const noDeviceSecret = new Uint8Array(0);

/**
 * Writes a backup of a closed vault; it opens with the passphrase of today and, where there is one, with the
 * escrow key.
 * @throws TmaError as `openVault`; `vault.in-use` while the vault is open; `vault.disk-full`,
 *   `vault.read-only` at the target, where an older backup is then still whole.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupSize> {
  const { profile, target } = options;
  settleFiles(profile);
  const unlocked = await unlockKey(options).catch(async (error: unknown) => {
    await target.discard();
    throw error;
  });
  try {
    const driver = options.driver ?? chooseDriver().driver;
    const { vaultKey } = unlocked;
    await copyClosedVault(driver, { profile, vaultKey });
    const sources = [{ name: 'vault.db', path: nextFile(profile) }, ...(await attachmentsOf(profile.folder))];
    const head = await headOf(options, unlocked, await Promise.all(sources.map(describe)));
    return await writeWhole(options, head, sources);
  } catch (error) {
    await target.discard();
    throw vaultFailure(error);
  } finally {
    discardNext(profile);
    zeroVaultKey(unlocked.vaultKey);
  }
}

interface Source {
  readonly name: string;
  readonly path: string;
}

async function attachmentsOf(folder: string): Promise<readonly Source[]> {
  const names = await attachmentStore(folder).list();
  return names.map((name) => ({ name, path: join(folder, 'attachments', name) }));
}

async function describe({ name, path }: Source): Promise<BackupFile> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return { name, sizeBytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

async function headOf(
  options: BackupOptions,
  { vaultKey, header }: Unlocked,
  files: readonly BackupFile[],
): Promise<Buffer> {
  const { profile, passphrase, clock, kdf } = options;
  const user = await sealUserSlot(vaultKey, {
    passphrase,
    deviceSecret: noDeviceSecret,
    binding: header.binding,
    kdf: kdf ?? { memoryKiB: header.kdf.memoryKiB, passes: header.kdf.passes, lanes: header.kdf.lanes },
    keystoreBackend: 'backup',
    createdAtMs: clock.nowMs(),
  });
  const escrow = profile.device.slots.get('escrow');
  const slots = (escrow === undefined ? [user] : [user, escrow]).map(encodeSlot);
  const manifest: BackupManifest = {
    format: 'tma-backup',
    version: 1,
    createdAtMs: clock.nowMs(),
    slots,
    files: [...files],
  };
  return encodeHead(manifest, vaultKey);
}

async function writeWhole(
  { target, onProgress }: Pick<BackupOptions, 'target' | 'onProgress'>,
  head: Buffer,
  sources: readonly Source[],
): Promise<BackupSize> {
  const sizes = await Promise.all(sources.map(async ({ path }) => (await stat(path)).size));
  const totalBytes = sizes.reduce((sum, size) => sum + size, head.length);
  let doneBytes = 0;
  const put = async (bytes: Uint8Array): Promise<void> => {
    await target.write(bytes);
    doneBytes += bytes.length;
    onProgress?.(doneBytes, totalBytes);
  };
  await put(head);
  for (const { path } of sources) {
    for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 }))
      await put(bytes as Buffer);
  }
  await target.finish();
  return { sizeBytes: doneBytes, files: sources.length };
}
