/**
 * Replacing the data key of a vault. Every page of a copy is encrypted anew; the copy takes the vault's place
 * by the commit described in `files.ts`, so a program killed at any step leaves a vault that opens, under
 * the old key or the new one. Needs room for a second copy while it runs.
 */

import { randomBytes } from 'node:crypto';
import { TmaError } from '../../../shared/errors.ts';
import type { StoredSlot } from '../device/keySlots.ts';
import type { VaultDriver, VaultKey } from './driver.ts';
import { chooseDriver } from './drivers/choose.ts';
import { commitFile, copyClosedVault, discardNext, nextFile, settleFiles } from './files.ts';
import { readEscrowHeader, sealEscrowSlot } from './keys/escrow.ts';
import { zeroVaultKey } from './keys/slot.ts';
import { resealUserSlot } from './reseal.ts';
import type { RotateKeyOptions } from './types.ts';
import { unlockKey } from './unlock.ts';

/**
 * Gives a closed vault a new data key; the passphrase stays.
 * @throws TmaError as `openVault`; `vault.in-use` while the vault is open; `vault.disk-full` when there is no
 *   room for the copy. The vault is then as it was.
 */
export async function rotateKey(options: RotateKeyOptions): Promise<void> {
  const { profile } = options;
  settleFiles(profile);
  const driver = options.driver ?? chooseDriver().driver;
  const { vaultKey, header, serverShare } = await unlockKey(options);
  const nextKey = freshKey(vaultKey);
  try {
    await copyClosedVault(driver, { profile, vaultKey });
    await encryptAnew(driver, { path: nextFile(profile), vaultKey, nextKey });
    const user = await resealUserSlot(nextKey, { ...options, header, serverShare });
    const slots = [user, ...escrowAgain(nextKey, options)];
    commitFile(profile, slots);
  } catch (error) {
    if (profile.device.get('fileSwapPending') !== true) discardNext(profile);
    throw error;
  } finally {
    zeroVaultKey(vaultKey);
    zeroVaultKey(nextKey);
  }
}

/** The salt is the head of the file and not secret; the new key alone changes every page and every code. */
export function freshKey(vaultKey: VaultKey): VaultKey {
  return { key: randomBytes(32), salt: Uint8Array.from(vaultKey.salt) };
}

interface Rekey {
  readonly path: string;
  readonly vaultKey: VaultKey;
  readonly nextKey: VaultKey;
}

/** Encrypts a copy under the next key and proves that it is whole. */
export async function encryptAnew(driver: VaultDriver, { path, vaultKey, nextKey }: Rekey): Promise<void> {
  const copy = await driver.open(path, vaultKey, { journal: 'single-file' });
  try {
    await copy.rekey(nextKey);
  } finally {
    await copy.close();
  }
  const proof = await driver.open(path, nextKey, { journal: 'single-file' });
  try {
    const problems = await proof.checkIntegrity();
    if (problems.length > 0) throw new TmaError('vault.damaged', { problems: problems.length });
  } finally {
    await proof.close();
  }
}

/** Sealing needs the organisation's public key only, which the old slot carries. */
function escrowAgain(vaultKey: VaultKey, { profile, clock }: RotateKeyOptions): readonly StoredSlot[] {
  const old = profile.device.slots.get('escrow');
  if (old === undefined) return [];
  const { recipient, binding } = readEscrowHeader(old);
  const publicKey = Buffer.from(recipient.publicKey, 'base64');
  const request = { recipient: { keyId: recipient.keyId, publicKey }, binding, createdAtMs: clock.nowMs() };
  return [sealEscrowSlot(vaultKey, request)];
}
