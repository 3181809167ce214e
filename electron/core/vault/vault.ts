/**
 * Making and opening the encrypted vault of a profile. The data key never derives from the passphrase: it is
 * random, lives wrapped in a key slot of device.db, and is in memory only while the file is being opened.
 */
import { existsSync } from 'node:fs';
import { TmaError } from '../../../shared/errors.ts';
import { assertPassphrase } from '../../../shared/passphrase.ts';
import type { StoredSlot } from '../device/keySlots.ts';
import { addNotice } from '../device/notices.ts';
import type { Profile } from '../device/profile.ts';
import type { VaultDriver, VaultKey } from './driver.ts';
import { chooseDriver } from './drivers/choose.ts';
import { commitFile, copyAside, discardNext, moveAside, nextFile, settleFiles } from './files.ts';
import { openEscrowSlot, readEscrowHeader, sealEscrowSlot } from './keys/escrow.ts';
import { newVaultKey, zeroVaultKey } from './keys/slot.ts';
import { forgetAttempts } from './keys/throttle.ts';
import { type Migration, migrate } from './migrate.ts';
import { resealUserSlot } from './reseal.ts';
import { settleShare } from './reshare.ts';
import { VaultSession } from './session.ts';
import type {
  ChangePassphraseOptions,
  CreateVaultOptions,
  OpenVault,
  RecoverOptions,
  VaultOptions,
} from './types.ts';
import { unlockKey } from './unlock.ts';

/** Whether this profile has a vault to unlock (`ready`), none yet, or one whose keys were destroyed. */
export function vaultState(profile: Profile): 'none' | 'ready' | 'shredded' {
  if (profile.device.slots.get('user') !== undefined) return 'ready';
  return profile.device.get('shreddedAtMs') === undefined ? 'none' : 'shredded';
}

/**
 * Makes the vault of a profile and opens it. Either all of it is there afterwards or nothing that would stand
 * in the way of another try; a vault file without key slots is set aside, never overwritten.
 * @throws TmaError `vault.exists`, `vault.passphrase-*`, `vault.header-weak`, `vault.disk-full`,
 *   `vault.read-only`.
 */
export async function createVault<Tables>(options: CreateVaultOptions): Promise<OpenVault<Tables>> {
  const { profile } = options;
  if (vaultState(profile) === 'ready') throw new TmaError('vault.exists');
  assertPassphrase(options.passphrase, options.contextWords);
  const driver = options.driver ?? chooseDriver().driver;
  const vaultKey = newVaultKey();
  try {
    discardNext(profile);
    const slots = await newSlots(vaultKey, options);
    await buildFile(driver, { path: nextFile(profile), vaultKey, migrations: options.migrations });
    if (existsSync(profile.vaultFile)) moveAside(profile);
    commitFile(profile, slots);
    return await openSession<Tables>(driver, { ...options, vaultKey });
  } catch (error) {
    if (vaultState(profile) !== 'ready') discardNext(profile);
    throw error;
  } finally {
    zeroVaultKey(vaultKey);
  }
}

/**
 * Unlocks the vault.
 * @throws TmaError `vault.missing`, `vault.shredded`, `vault.throttled` {retryAfterSeconds},
 *   `vault.wrong-passphrase` {attemptsLeft}, `vault.secret-missing` {expected}, `vault.header-weak`,
 *   `vault.newer-schema` {found, known}, `vault.damaged` {setAside?}, `vault.disk-full`, `vault.read-only`, and what
 *   the release of the service's share fails with.
 */
export async function openVault<Tables>(options: VaultOptions): Promise<OpenVault<Tables>> {
  const { profile } = options;
  settleFiles(profile);
  if (vaultState(profile) === 'ready' && !existsSync(profile.vaultFile)) throw new TmaError('vault.missing');
  const driver = options.driver ?? chooseDriver().driver;
  const unlocked = await unlockKey(options);
  const { vaultKey } = unlocked;
  try {
    await settleShare(unlocked, options);
    return await openSession<Tables>(driver, { ...options, vaultKey });
  } catch (error) {
    throw isDamage(error) ? damaged(profile, error) : error;
  } finally {
    zeroVaultKey(vaultKey);
  }
}

/**
 * Wraps the data key anew; the vault file is not touched and may be open. A wrong current passphrase counts
 * like any other attempt.
 * @throws TmaError as {@link openVault}, and `vault.passphrase-*` for the new one.
 */
export async function changePassphrase(options: ChangePassphraseOptions): Promise<void> {
  assertPassphrase(options.newPassphrase, options.contextWords);
  const { vaultKey, header, serverShare } = await unlockKey(options);
  try {
    const { newPassphrase: passphrase } = options;
    const slot = await resealUserSlot(vaultKey, { ...options, header, serverShare, passphrase });
    options.profile.device.slots.put(slot);
  } finally {
    zeroVaultKey(vaultKey);
  }
}

/**
 * Opens the way back in for somebody who forgot the passphrase: the data key comes out of the escrow slot and
 * goes into a new user slot. The vault file is not touched.
 * @throws TmaError `vault.missing` without an escrow slot, `vault.wrong-passphrase` when it is not its key,
 *   `vault.passphrase-*`.
 */
export async function recoverWithEscrow(options: RecoverOptions): Promise<void> {
  const { profile } = options;
  assertPassphrase(options.newPassphrase, options.contextWords);
  settleFiles(profile);
  const escrow = profile.device.slots.get('escrow');
  if (escrow === undefined) throw new TmaError('vault.missing', { part: 'escrow-slot' });
  const vaultKey = openEscrowSlot(escrow, options.escrowPrivateKey);
  try {
    // Without the service's share, which is not needed here: it comes back with the next unlock.
    const header = { binding: readEscrowHeader(escrow).binding, serverShare: false };
    const slot = await resealUserSlot(vaultKey, { ...options, header, passphrase: options.newPassphrase });
    profile.device.transaction(() => {
      profile.device.slots.put(slot);
      forgetAttempts(profile.device.attempts);
      addNotice(profile.device, { type: 'vault.recovered', atMs: options.clock.nowMs() });
    });
  } finally {
    zeroVaultKey(vaultKey);
  }
}

/** The slots of a vault that is being made; the service's share, where one is wanted, comes with a later unlock. */
export async function newSlots(
  vaultKey: VaultKey,
  options: Omit<CreateVaultOptions, 'migrations'>,
): Promise<readonly StoredSlot[]> {
  const { binding, escrow, clock } = options;
  const header = { binding, serverShare: false };
  const user = await resealUserSlot(vaultKey, { ...options, header });
  if (escrow === undefined) return [user];
  return [user, sealEscrowSlot(vaultKey, { recipient: escrow, binding, createdAtMs: clock.nowMs() })];
}

interface NewFile {
  readonly path: string;
  readonly vaultKey: VaultKey;
  readonly migrations: readonly Migration[];
}

async function buildFile(driver: VaultDriver, { path, vaultKey, migrations }: NewFile): Promise<void> {
  const connection = await driver.open(path, vaultKey, { create: true, journal: 'single-file' });
  try {
    await migrate(connection, migrations);
  } finally {
    await connection.close();
  }
}

type SessionInput = Pick<VaultOptions, 'profile' | 'migrations' | 'clock' | 'tidy'> & {
  readonly vaultKey: VaultKey;
};

async function openSession<Tables>(driver: VaultDriver, input: SessionInput): Promise<OpenVault<Tables>> {
  const connection = await driver.open(input.profile.vaultFile, input.vaultKey);
  try {
    const schema = await migrate(connection, input.migrations);
    return new VaultSession<Tables>({ connection, driver, schema, clock: input.clock, tidy: input.tidy });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function isDamage(error: unknown): error is TmaError {
  return error instanceof TmaError && error.code === 'vault.damaged';
}

/** The file itself stays; a copy is kept in case a repair goes wrong. */
function damaged(profile: Profile, cause: TmaError): TmaError {
  const setAside = copyAside(profile);
  return new TmaError('vault.damaged', setAside === undefined ? undefined : { setAside }, cause);
}
