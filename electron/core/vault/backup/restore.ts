/** A vault out of a backup, on a laptop that has none. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TmaError } from '../../../../shared/errors.ts';
import { assertPassphrase } from '../../../../shared/passphrase.ts';
import type { Profile } from '../../device/profile.ts';
import { type ByteReader, byteReader } from '../../files/byteReader.ts';
import type { VaultDriver, VaultKey } from '../driver.ts';
import { chooseDriver } from '../drivers/choose.ts';
import { vaultFailure } from '../failures.ts';
import { commitFile, discardNext, moveAside, nextFile } from '../files.ts';
import { openEscrowSlot, readEscrowHeader } from '../keys/escrow.ts';
import { openUserSlot, readUserHeader, type SlotBinding, zeroVaultKey } from '../keys/slot.ts';
import { assertSchemaKnown, type Migration } from '../migrate.ts';
import { encryptAnew, freshKey } from '../rekey.ts';
import type { CreateVaultOptions } from '../types.ts';
import { newSlots, vaultState } from '../vault.ts';
import { noDeviceSecret } from './backup.ts';
import {
  assertManifest,
  type BackupFile,
  type BackupManifest,
  decodeHead,
  decodeSlot,
  maxHeaderBytes,
} from './format.ts';

/** How the backup is opened: with the passphrase it was made with, or by the organisation. */
export type BackupOpener = { readonly passphrase: string } | { readonly escrowPrivateKey: Uint8Array };

export interface RestoreOptions extends Omit<CreateVaultOptions, 'binding'> {
  /** `passphrase` is the one of the new vault; the backup is read from front to back, once. */
  readonly source: AsyncIterable<Uint8Array>;
  readonly opener: BackupOpener;
  /** Only a backup of this person's; anybody's where left out. */
  readonly person?: Pick<SlotBinding, 'tenantId' | 'userId'> | undefined;
  /** Takes the place of a vault that is there and cannot be used; its file is set aside. */
  readonly replace?: boolean;
}

export interface Restored {
  /** Whose vault it was, on which device. */
  readonly binding: SlotBinding;
  readonly createdAtMs: number;
}

/**
 * Makes this profile's vault from a backup, under a new data key and its own key slots: all of it, or nothing.
 * Open it with `openVault` afterwards. Whoever restores takes a new device id: the log of the old device may
 * have gone on.
 * @throws TmaError `vault.exists`, `backup.not-one`, `backup.newer`, `backup.incomplete`,
 *   `backup.other-person`, `vault.wrong-passphrase`, `vault.newer-schema`, `vault.passphrase-*`,
 *   `vault.disk-full`, `vault.read-only`, and whatever reading the source throws.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { profile } = options;
  const mayReplace = options.replace === true;
  if (vaultState(profile) === 'ready' && !mayReplace) throw new TmaError('vault.exists');
  assertPassphrase(options.passphrase, options.contextWords);
  const reader = byteReader(options.source);
  try {
    return await restoreFrom(reader, options);
  } catch (error) {
    if (profile.device.get('fileSwapPending') !== true) discardNext(profile);
    throw vaultFailure(error);
  } finally {
    await reader.close();
  }
}

async function restoreFrom(reader: ByteReader, options: RestoreOptions): Promise<Restored> {
  const { profile, migrations } = options;
  const line = await reader.line(maxHeaderBytes);
  if (line === undefined) throw new TmaError('backup.not-one');
  const head = decodeHead(line.toString('utf8'));
  const { files, createdAtMs } = head.manifest;
  const binding = bindingOf(head.manifest, options.opener);
  assertPerson(binding, options.person);
  const vaultKey = await openBackup(head.manifest, options.opener);
  const nextKey = freshKey(vaultKey);
  try {
    assertManifest(head, vaultKey);
    discardNext(profile);
    await extractAll(reader, { files, profile });
    const driver = options.driver ?? chooseDriver().driver;
    const path = nextFile(profile);
    await assertKnown(driver, { path, vaultKey, migrations });
    await encryptAnew(driver, { path, vaultKey, nextKey });
    const slots = await newSlots(nextKey, { ...options, binding });
    if (existsSync(profile.vaultFile)) moveAside(profile);
    commitFile(profile, slots);
    return { binding, createdAtMs };
  } finally {
    zeroVaultKey(vaultKey);
    zeroVaultKey(nextKey);
  }
}

function bindingOf(manifest: BackupManifest, opener: BackupOpener): SlotBinding {
  const slot = decodeSlot(slotFor(manifest, opener));
  return (slot.kind === 'user' ? readUserHeader(slot) : readEscrowHeader(slot)).binding;
}

function assertPerson(binding: SlotBinding, person: RestoreOptions['person']): void {
  if (person === undefined) return;
  const isSame = binding.tenantId === person.tenantId && binding.userId === person.userId;
  if (!isSame) throw new TmaError('backup.other-person');
}

function slotFor({ slots }: BackupManifest, opener: BackupOpener): BackupManifest['slots'][number] {
  const kind = 'passphrase' in opener ? 'user' : 'escrow';
  const slot = slots.find((each) => each.kind === kind);
  if (slot === undefined) throw new TmaError('vault.missing', { part: `${kind}-slot` });
  return slot;
}

async function openBackup(manifest: BackupManifest, opener: BackupOpener): Promise<VaultKey> {
  const slot = decodeSlot(slotFor(manifest, opener));
  if ('escrowPrivateKey' in opener) return openEscrowSlot(slot, opener.escrowPrivateKey);
  return openUserSlot(slot, { passphrase: opener.passphrase, deviceSecret: noDeviceSecret });
}

interface Extraction {
  readonly files: readonly BackupFile[];
  readonly profile: Profile;
}

async function extractAll(reader: ByteReader, { files, profile }: Extraction): Promise<void> {
  const attachments = join(profile.folder, 'attachments');
  mkdirSync(attachments, { recursive: true, mode: 0o700 });
  for (const entry of files) {
    const target = entry.name === 'vault.db' ? nextFile(profile) : join(attachments, entry.name);
    await extract(reader, entry, target);
  }
  if (!(await reader.isOver())) throw new TmaError('backup.incomplete');
}

async function extract(reader: ByteReader, entry: BackupFile, target: string): Promise<void> {
  const hash = createHash('sha256');
  const out = await open(target, 'w', 0o600);
  let length = 0;
  try {
    for await (const bytes of reader.take(entry.sizeBytes)) {
      hash.update(bytes);
      length += bytes.length;
      await out.writeFile(bytes);
    }
    await out.sync();
  } finally {
    await out.close();
  }
  if (length === entry.sizeBytes && hash.digest('hex') === entry.sha256) return;
  await rm(target, { force: true });
  throw new TmaError('backup.incomplete');
}

interface Schema {
  readonly path: string;
  readonly vaultKey: VaultKey;
  readonly migrations: readonly Migration[];
}

/** Before it takes anything's place: a vault of a newer program would not open here. */
async function assertKnown(driver: VaultDriver, { path, vaultKey, migrations }: Schema): Promise<void> {
  const copy = await driver.open(path, vaultKey, { journal: 'single-file' });
  try {
    await assertSchemaKnown(copy, migrations);
  } finally {
    await copy.close();
  }
}
