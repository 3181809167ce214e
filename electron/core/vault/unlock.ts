/** From a passphrase to the data key: the order in which counter, keystore and key slot are asked. */
import { TmaError } from '../../../shared/errors.ts';
import type { SignedWiped, WipeReason } from '../../../shared/sync/wiped.ts';
import type { StoredSlot } from '../device/keySlots.ts';
import { addNotice } from '../device/notices.ts';
import type { Profile } from '../device/profile.ts';
import type { VaultKey } from './driver.ts';
import { deviceSecretName, type SecretStore } from './keys/secretStore.ts';
import { forgetSecrets } from './keys/share.ts';
import {
  assertKeystoreFits,
  assertSecretsFit,
  openUserSlot,
  readUserHeader,
  type UserSlotHeader,
} from './keys/slot.ts';
import { countAttempt, forgetAttempts, maxAttempts } from './keys/throttle.ts';
import type { ServerShare, VaultClock } from './types.ts';

export interface UnlockRequest {
  readonly profile: Profile;
  readonly passphrase: string;
  readonly secrets: SecretStore;
  readonly clock: VaultClock;
  readonly share?: Pick<ServerShare, 'release'> | undefined;
}

export interface Unlocked {
  /** The caller zeroes it. */
  readonly vaultKey: VaultKey;
  readonly header: UserSlotHeader;
  /** What the slot was opened with, for one that is made in its place. */
  readonly serverShare?: Uint8Array | undefined;
}

/**
 * @throws TmaError `vault.missing`, `vault.shredded`, `vault.throttled` {retryAfterSeconds},
 *   `vault.wrong-passphrase` {attemptsLeft}, `vault.secret-missing`, `vault.header-weak`, `vault.damaged`, and
 *   what the release of the service's share fails with. None but a wrong passphrase counts as an attempt.
 */
export async function unlockKey(request: UnlockRequest): Promise<Unlocked> {
  const slot = await userSlot(request);
  const header = readUserHeader(slot);
  const deviceSecret = await readDeviceSecret(request.secrets, header);
  try {
    // Nothing of this depends on the passphrase, so a changed keystore costs no attempt.
    assertKeystoreFits(header, deviceSecret);
    const serverShare = header.serverShare ? await request.share?.release() : undefined;
    assertSecretsFit(header, { deviceSecret, serverShare });
    const secrets = { passphrase: request.passphrase, deviceSecret, serverShare };
    const vaultKey = await attempt(request, () => openUserSlot(slot, secrets));
    return { vaultKey, header, serverShare };
  } finally {
    deviceSecret.fill(0);
  }
}

async function userSlot({ profile, secrets }: UnlockRequest): Promise<StoredSlot> {
  const slot = profile.device.slots.get('user');
  if (slot !== undefined) return slot;
  if (profile.device.get('shreddedAtMs') === undefined) throw new TmaError('vault.missing');
  // Again, in case the program died between the two halves of the destruction.
  await forgetSecrets(secrets);
  throw new TmaError('vault.shredded');
}

async function readDeviceSecret(secrets: SecretStore, header: UserSlotHeader): Promise<Uint8Array> {
  const secret = await secrets.get(deviceSecretName);
  if (secret !== null) return secret;
  throw new TmaError('vault.secret-missing', { expected: header.keystore.backend, found: secrets.backend });
}

async function attempt(request: UnlockRequest, open: () => Promise<VaultKey>): Promise<VaultKey> {
  const { attempts } = request.profile.device;
  const before = attempts.read();
  const counted = countAttempt(attempts, request.clock.nowMs());
  if (counted.kind === 'used-up') throw await shred(request);
  try {
    const key = await open();
    forgetAttempts(attempts);
    return key;
  } catch (error) {
    if (!(error instanceof TmaError && error.code === 'vault.wrong-passphrase')) {
      // Not an answer to the passphrase (too little memory, say): it was no attempt.
      attempts.write(before);
      throw error;
    }
    if (counted.attemptsLeft === 0) throw await shred(request);
    throw new TmaError('vault.wrong-passphrase', { attemptsLeft: counted.attemptsLeft }, error);
  }
}

/**
 * Destroys every key slot and what the keystore holds for them; the vault file is noise from then on. Also what a
 * remote wipe does. What the device signed about it before, where it could, stands outside the vault from the same
 * moment on. Returns the failure to throw.
 */
export async function shred(
  { profile, secrets, clock }: Pick<UnlockRequest, 'profile' | 'secrets' | 'clock'>,
  because: WipeReason = 'attempts',
  receipt?: SignedWiped,
): Promise<TmaError> {
  profile.device.transaction(() => {
    profile.device.slots.destroyAll();
    profile.device.clear('fileSwapPending');
    profile.device.set('shreddedAtMs', clock.nowMs());
    addNotice(profile.device, { type: 'vault.wiped', atMs: clock.nowMs() });
    profile.device.set('shreddedBecause', because);
    profile.device.set('shredReported', false);
    if (receipt !== undefined) profile.device.set('wipeReceipt', receipt);
  });
  await forgetSecrets(secrets);
  return new TmaError('vault.shredded', { attempts: maxAttempts });
}
