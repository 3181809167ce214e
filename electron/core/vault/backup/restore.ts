/** A vault out of a backup, on a laptop that has none. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TmaError } from '../../../../shared/errors.ts';
import { assertPassphrase } from '../../../../shared/passphrase.ts';
import type { Profile } from '../../device/profile.ts';
import type { VaultKey } from '../driver.ts';
import { chooseDriver } from '../drivers/choose.ts';
import { vaultFailure } from '../failures.ts';
import { commitFile, discardNext, moveAside, nextFile } from '../files.ts';
import { openEscrowSlot } from '../keys/escrow.ts';
import { openUserSlot, zeroVaultKey } from '../keys/slot.ts';
import { encryptAnew, freshKey } from '../rekey.ts';
import type { CreateVaultOptions } from '../types.ts';
import { newSlots, vaultState } from '../vault.ts';
import { noDeviceSecret } from './backup.ts';
import {
  assertManifest,
  type BackupFile,
  type BackupHead,
  decodeHead,
  decodeSlot,
  maxHeaderBytes,
} from './format.ts';

/** How the backup is opened: with the passphrase it was made with, or by the organisation. */
export type BackupOpener = { readonly passphrase: string } | { readonly escrowPrivateKey: Uint8Array };

export interface RestoreOptions extends Omit<CreateVaultOptions, 'migrations'> {
  /** `passphrase` is the one of the new vault. */
  readonly source: string;
  readonly opener: BackupOpener;
}

/**
 * Makes this profile's vault from a backup, under a new data key and its own key slots: all of it, or nothing.
 * Open it with `openVault` afterwards. Whoever restores takes a new device id: the log of the old device may
 * have gone on.
 * @throws TmaError `vault.exists`, `vault.missing` (no such file), `vault.damaged` (not a backup, or not whole),
 *   `vault.wrong-passphrase`, `vault.passphrase-*`, `vault.disk-full`, `vault.read-only`.
 */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { profile } = options;
  if (vaultState(profile) === 'ready') throw new TmaError('vault.exists');
  assertPassphrase(options.passphrase, options.contextWords);
  if (!existsSync(options.source)) throw new TmaError('vault.missing', { part: 'backup' });
  const file = await open(options.source, 'r');
  try {
    await restoreFrom(file, options);
  } catch (error) {
    if (vaultState(profile) !== 'ready') discardNext(profile);
    throw vaultFailure(error);
  } finally {
    await file.close();
  }
}

async function restoreFrom(file: FileHandle, options: RestoreOptions): Promise<void> {
  const { profile } = options;
  const { head, lengthBytes } = await readHead(file);
  const vaultKey = await openBackup(head, options.opener);
  const nextKey = freshKey(vaultKey);
  try {
    assertManifest(head, vaultKey);
    discardNext(profile);
    await extractAll(file, { files: head.manifest.files, from: lengthBytes, profile });
    const driver = options.driver ?? chooseDriver().driver;
    await encryptAnew(driver, { path: nextFile(profile), vaultKey, nextKey });
    const slots = await newSlots(nextKey, options);
    if (existsSync(profile.vaultFile)) moveAside(profile);
    commitFile(profile, slots);
  } finally {
    zeroVaultKey(vaultKey);
    zeroVaultKey(nextKey);
  }
}

async function readHead(file: FileHandle): Promise<{ head: BackupHead; lengthBytes: number }> {
  const blocks: Buffer[] = [];
  for (let at = 0; at < maxHeaderBytes; ) {
    const block = Buffer.alloc(64 * 1024);
    const { bytesRead } = await file.read(block, 0, block.length, at);
    const end = block.subarray(0, bytesRead).indexOf('\n');
    blocks.push(block.subarray(0, end < 0 ? bytesRead : end));
    if (end >= 0)
      return { head: decodeHead(Buffer.concat(blocks).toString('utf8')), lengthBytes: at + end + 1 };
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  throw new TmaError('vault.damaged', { part: 'backup' });
}

async function openBackup({ manifest }: BackupHead, opener: BackupOpener): Promise<VaultKey> {
  const kind = 'passphrase' in opener ? 'user' : 'escrow';
  const slot = manifest.slots.find((each) => each.kind === kind);
  if (slot === undefined) throw new TmaError('vault.missing', { part: `${kind}-slot` });
  if ('escrowPrivateKey' in opener) return openEscrowSlot(decodeSlot(slot), opener.escrowPrivateKey);
  return openUserSlot(decodeSlot(slot), { passphrase: opener.passphrase, deviceSecret: noDeviceSecret });
}

interface Extraction {
  readonly files: readonly BackupFile[];
  /** Where the first file begins. */
  readonly from: number;
  readonly profile: Profile;
}

async function extractAll(file: FileHandle, { files, from, profile }: Extraction): Promise<void> {
  const attachments = join(profile.folder, 'attachments');
  mkdirSync(attachments, { recursive: true, mode: 0o700 });
  let at = from;
  for (const entry of files) {
    const target = entry.name === 'vault.db' ? nextFile(profile) : join(attachments, entry.name);
    await extract(file, { entry, at, target });
    at += entry.sizeBytes;
  }
}

interface Entry {
  readonly entry: BackupFile;
  readonly at: number;
  readonly target: string;
}

async function extract(file: FileHandle, { entry, at, target }: Entry): Promise<void> {
  const hash = createHash('sha256');
  const out = await open(target, 'w', 0o600);
  try {
    const block = Buffer.alloc(1024 * 1024);
    for (let done = 0; done < entry.sizeBytes; ) {
      const wanted = Math.min(block.length, entry.sizeBytes - done);
      const { bytesRead } = await file.read(block, 0, wanted, at + done);
      if (bytesRead === 0) throw new TmaError('vault.damaged', { part: 'backup' });
      hash.update(block.subarray(0, bytesRead));
      await out.writeFile(block.subarray(0, bytesRead));
      done += bytesRead;
    }
    await out.sync();
  } finally {
    await out.close();
  }
  if (hash.digest('hex') === entry.sha256) return;
  await rm(target, { force: true });
  throw new TmaError('vault.damaged', { part: 'backup' });
}
