/**
 * The vault's files on disk, and the one way in which a finished file takes the place of another.
 *
 *   vault.next.db   being made (a new vault, a rekeyed copy); worthless until it is committed
 *   commit          one transaction in device.db: the key slots of the new file, and `fileSwapPending`
 *   vault.db        the new file after the swap, which is repeated until it is done
 *
 * Killed before the commit, the old state is whole and the leftover is removed; killed after it, the next
 * opening finishes the swap.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { TmaError } from '../../../shared/errors.ts';
import type { StoredSlot } from '../device/keySlots.ts';
import type { Profile } from '../device/profile.ts';
import type { VaultDriver, VaultKey } from './driver.ts';
import { vaultFailure } from './failures.ts';
import { forgetAttempts } from './keys/throttle.ts';

const companions = ['-wal', '-shm', '-journal'] as const;

export function nextFile(profile: Profile): string {
  return join(profile.folder, 'vault.next.db');
}

/** The moment from which the next file and these slots are the vault. */
export function commitFile(profile: Profile, slots: readonly StoredSlot[]): void {
  const { device } = profile;
  device.transaction(() => {
    for (const slot of slots) device.slots.put(slot);
    forgetAttempts(device.attempts);
    for (const name of ['shreddedAtMs', 'shreddedBecause', 'damage'] as const) device.clear(name);
    device.set('fileSwapPending', true);
  });
  settleFiles(profile);
}

/**
 * Copies the vault to the next file. Closing the last connection folds the log in; a log that stays belongs to
 * an open vault.
 * @throws TmaError `vault.in-use` while the vault is open, `vault.disk-full`.
 */
export async function copyClosedVault(
  driver: VaultDriver,
  { profile, vaultKey }: { readonly profile: Profile; readonly vaultKey: VaultKey },
): Promise<void> {
  await (await driver.open(profile.vaultFile, vaultKey)).close();
  if (existsSync(`${profile.vaultFile}-wal`)) throw new TmaError('vault.in-use');
  guarded(() => copyFileSync(profile.vaultFile, nextFile(profile)));
}

/** Removes a file that was never committed. */
export function discardNext(profile: Profile): void {
  removeDatabase(nextFile(profile));
}

/** Brings the files into the state that device.db describes; called before every use of the vault. */
export function settleFiles(profile: Profile): void {
  if (profile.device.get('fileSwapPending') === true) finishSwap(profile);
  else discardNext(profile);
}

function finishSwap(profile: Profile): void {
  const next = nextFile(profile);
  guarded(() => {
    if (existsSync(next)) {
      // The old file's log must not be replayed into the new one.
      for (const suffix of companions) rmSync(profile.vaultFile + suffix, { force: true });
      syncPath(next);
      renameSync(next, profile.vaultFile);
      syncPath(profile.folder);
    }
  });
  profile.device.clear('fileSwapPending');
}

/**
 * Keeps a copy of a vault file that does not open, once per state of the file, and returns its name; nothing
 * when there is no room for it (the original stays where it is in any case).
 */
export function copyAside(profile: Profile): string | undefined {
  try {
    const target = asideName(profile);
    if (!existsSync(target)) copyDatabase(profile.vaultFile, target);
    return basename(target);
  } catch {
    return undefined;
  }
}

/** Moves the vault file out of the way of a new one, and returns its new name. */
export function moveAside(profile: Profile): string {
  return guarded(() => {
    const target = asideName(profile);
    for (const suffix of ['-wal', ''] as const) {
      if (existsSync(profile.vaultFile + suffix)) renameSync(profile.vaultFile + suffix, target + suffix);
    }
    syncPath(profile.folder);
    return basename(target);
  });
}

function asideName(profile: Profile): string {
  const folder = join(profile.folder, 'set-aside');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const changed = statSync(profile.vaultFile).mtime.toISOString().replace(/[:.]/g, '-');
  return join(folder, `vault-${changed}.db`);
}

export function copyDatabase(from: string, to: string): void {
  for (const suffix of ['-wal', ''] as const) {
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
  }
}

export function removeDatabase(path: string): void {
  guarded(() => {
    for (const suffix of ['', ...companions]) rmSync(path + suffix, { force: true });
  });
}

/** Makes a rename or the bytes of a file durable. Windows cannot open a folder and needs no such call. */
function syncPath(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw vaultFailure(error);
  }
}
