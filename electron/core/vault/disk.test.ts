/** Disks that are full or cannot be written, for real where the test may mount a small file system. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProfile, type Profile } from '../device/profile.ts';
import {
  countNotes,
  loadableDrivers,
  manualClock,
  memorySecrets,
  type NoteTables,
  noteMigrations,
  temporaryFolder,
  testBinding,
  testKdf,
  testPassphrase,
} from './testing.ts';
import { createVault, openVault, vaultState } from './vault.ts';

function mount(...args: string[]): boolean {
  try {
    execFileSync('/usr/bin/mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A file system of its own in a temporary folder. */
function smallDisk(): { readonly path: string; remount(flags: string): void; [Symbol.dispose](): void } {
  const folder = temporaryFolder();
  const path = join(folder.path, 'disk');
  mkdirSync(path);
  if (!mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path)) throw new Error('cannot mount');
  return {
    path,
    remount: (flags) => execFileSync('/usr/bin/mount', ['-o', `remount,${flags}`, path]),
    [Symbol.dispose]() {
      execFileSync('/usr/bin/umount', ['-l', path]);
      folder[Symbol.dispose]();
    },
  };
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    smallDisk()[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

function fill(folder: string, leaveBytes: number): string {
  const { bavail, bsize } = statfsSync(folder);
  const path = join(folder, 'filler');
  writeFileSync(path, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
  return path;
}

function optionsFor(profile: Profile, driver: (typeof drivers)[number][1]) {
  return {
    profile,
    driver,
    secrets: memorySecrets(),
    clock: manualClock(),
    passphrase: testPassphrase,
    migrations: noteMigrations,
    binding: testBinding,
    kdf: testKdf,
  };
}

const drivers = loadableDrivers().map((driver) => [driver.name, driver] as const);

describe.runIf(canMount()).each(drivers)('a real small disk (%s)', (_name, driver) => {
  it('full while editing: says so, keeps what was committed, goes on when there is room again', async () => {
    using disk = smallDisk();
    const profile = openProfile(disk.path);
    const vault = await createVault<NoteTables>(optionsFor(profile, driver));
    const write = () =>
      vault.write((tx) =>
        tx
          .insertInto('note')
          .values({ text: 'x'.repeat(20_000) })
          .execute(),
      );
    await write();
    const filler = fill(disk.path, 100_000);
    let committed = 1;
    const failure = await (async () => {
      for (;;) {
        await write();
        committed += 1;
      }
    })().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'vault.disk-full' });
    expect(await countNotes(vault.db)).toBe(committed);
    unlinkSync(filler);
    await write();
    expect(await countNotes(vault.db)).toBe(committed + 1);
    expect(await vault.checkIntegrity()).toEqual([]);
    await vault.close();
    profile.close();
  });

  it('full while a vault is made: leaves nothing in the way of another try', async () => {
    using disk = smallDisk();
    const profile = openProfile(disk.path);
    const options = optionsFor(profile, driver);
    const filler = fill(disk.path, 8_192);
    await expect(createVault(options)).rejects.toMatchObject({ code: 'vault.disk-full' });
    expect(vaultState(profile)).toBe('none');
    unlinkSync(filler);
    await (await createVault(options)).close();
    profile.close();
  });

  it('full at unlock: says so before the passphrase is tried, and counts nothing', async () => {
    using disk = smallDisk();
    const profile = openProfile(disk.path);
    const options = optionsFor(profile, driver);
    await (await createVault(options)).close();
    const filler = fill(disk.path, 0);
    await expect(openVault(options)).rejects.toMatchObject({ code: 'vault.disk-full' });
    unlinkSync(filler);
    expect(profile.device.attempts.read().failed).toBe(0);
    await (await openVault(options)).close();
    profile.close();
  });

  it('read-only: shows the unlock screen, says so at unlock, and counts nothing', async () => {
    using disk = smallDisk();
    const before = openProfile(disk.path);
    const options = optionsFor(before, driver);
    const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };
    const other = join(disk.path, 'other.db');
    await (await driver.open(other, key, { create: true })).close();
    await (await createVault(options)).close();
    before.close();
    disk.remount('ro');
    await expect(driver.open(other, key)).rejects.toMatchObject({ code: 'vault.read-only' });
    const during = openProfile(disk.path);
    const unlock = openVault({ ...options, profile: during });
    await expect(unlock).rejects.toMatchObject({ code: 'vault.read-only' });
    during.close();
    disk.remount('rw');
    const after = openProfile(disk.path);
    expect(after.device.attempts.read().failed).toBe(0);
    await (await openVault({ ...options, profile: after })).close();
    after.close();
  });
});

describe.each(drivers)('a file that may not grow (%s)', (_name, driver) => {
  it('fails with the same message and keeps what was committed', async () => {
    using folder = temporaryFolder();
    const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };
    const connection = await driver.open(join(folder.path, 'v.db'), key, { create: true });
    await connection.exec(`CREATE TABLE t (x BLOB); PRAGMA max_page_count = 20`);
    await connection.run('INSERT INTO t VALUES (1)');
    await connection.begin('immediate');
    await connection.run('INSERT INTO t VALUES (2)');
    const grow = connection.run('INSERT INTO t VALUES (zeroblob(1000000))');
    await expect(grow).rejects.toMatchObject({ code: 'vault.disk-full' });
    await connection.rollback();
    expect(await connection.all('SELECT x FROM t')).toEqual([{ x: 1 }]);
    await connection.close();
  });
});
