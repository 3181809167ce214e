/** Writing a backup of a vault to a file the person chooses. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { attachmentStore } from '../attachments/store.ts';
import { chooseDriver } from '../drivers/choose.ts';
import { vaultFailure } from '../failures.ts';
import { copyClosedVault, discardNext, nextFile, settleFiles } from '../files.ts';
import { sealUserSlot, zeroVaultKey } from '../keys/slot.ts';
import type { RotateKeyOptions } from '../types.ts';
import { type Unlocked, unlockKey } from '../unlock.ts';
import { type BackupFile, type BackupManifest, encodeHead, encodeSlot } from './format.ts';

export interface BackupOptions extends RotateKeyOptions {
  /** Where the backup goes; replaced only once the new one is complete. */
  readonly target: string;
}

/** In place of the keystore's secret: a backup has to open on another laptop. */
export const noDeviceSecret = new Uint8Array(0);

/**
 * Writes a backup of a closed vault; it opens with the passphrase of today and, where there is one, with the
 * escrow key.
 * @throws TmaError as `openVault`; `vault.in-use` while the vault is open; `vault.disk-full`,
 *   `vault.read-only` at the target, where an older backup is then still whole.
 */
export async function writeBackup(options: BackupOptions): Promise<{ readonly sizeBytes: number }> {
  const { profile } = options;
  settleFiles(profile);
  const unlocked = await unlockKey(options);
  try {
    const driver = options.driver ?? chooseDriver().driver;
    const { vaultKey } = unlocked;
    await copyClosedVault(driver, { profile, vaultKey });
    const sources = [{ name: 'vault.db', path: nextFile(profile) }, ...(await attachmentsOf(profile.folder))];
    const head = await headOf(options, unlocked, await Promise.all(sources.map(describe)));
    return await writeWhole(options.target, head, sources);
  } catch (error) {
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
  target: string,
  head: Buffer,
  sources: readonly Source[],
): Promise<{ sizeBytes: number }> {
  const part = `${target}.part`;
  try {
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(head);
      for (const { path } of sources) await append(file, path);
      await file.sync();
    } finally {
      await file.close();
    }
    const { size: sizeBytes } = await stat(part);
    await rename(part, target);
    return { sizeBytes };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function append(file: FileHandle, path: string): Promise<void> {
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    await file.writeFile(bytes as Buffer);
  }
}
