/** Programs that are killed: what was acknowledged stays, what was not finished stands in nobody's way. */
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProfile } from '../device/profile.ts';
import { migrate, readSchemaVersion } from './migrate.ts';
import {
  countNotes,
  ended,
  fileSecrets,
  loadableDrivers,
  manualClock,
  type NoteTables,
  noteMigrations,
  startFixture,
  temporaryFolder,
  testBinding,
  testKdf,
  testPassphrase,
} from './testing.ts';
import { createVault, openVault, vaultState } from './vault.ts';

const drivers = loadableDrivers().map((driver) => [driver.name, driver] as const);

function optionsFor(folder: string) {
  return {
    profile: openProfile(folder),
    secrets: fileSecrets(folder),
    migrations: noteMigrations,
    clock: manualClock(),
    passphrase: testPassphrase,
    binding: testBinding,
    kdf: testKdf,
  };
}

describe('a migration killed in the middle', () => {
  it.each(drivers)('leaves the version before it, whole (%s)', async (name, driver) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'vault.db');
    const key = { key: Buffer.alloc(32, 1), salt: Buffer.alloc(16, 2) };
    const before = await driver.open(path, key, { create: true });
    expect(await migrate(before, noteMigrations)).toEqual({ from: 0, to: 1 });
    await before.run(`INSERT INTO note (text) VALUES ('one'), ('two'), ('three')`);
    await before.close();
    expect(
      await ended(startFixture(new URL('./fixtures/migrateAndDie.ts', import.meta.url), [path, name])),
    ).toBe('SIGKILL');
    const after = await driver.open(path, key);
    expect(await readSchemaVersion(after)).toBe(1);
    expect(await after.checkIntegrity()).toEqual([]);
    expect(await after.all('SELECT * FROM note')).toEqual([
      { id: 1, text: 'one' },
      { id: 2, text: 'two' },
      { id: 3, text: 'three' },
    ]);
    await after.close();
  });
});

/** Kills a program while it makes a vault, then does what the person would do: make it again, or unlock it. */
async function createKilledAt(step: number): Promise<{ readonly state: string; readonly end: string }> {
  using folder = temporaryFolder();
  const end = await ended(
    startFixture(new URL('./fixtures/dieAtStep.ts', import.meta.url), [folder.path, String(step), 'create']),
  );
  const options = optionsFor(folder.path);
  const state = vaultState(options.profile);
  const vault = await (state === 'ready' ? openVault<NoteTables>(options) : createVault<NoteTables>(options));
  expect(await countNotes(vault.db)).toBe(0);
  await vault.close();
  options.profile.close();
  return { state, end };
}

describe('making a vault, killed before each step in turn', () => {
  it('leaves either nothing that blocks another try or a complete vault', { timeout: 120_000 }, async () => {
    const outcomes: string[] = [];
    for (let step = 1, last = 'SIGKILL'; last === 'SIGKILL'; step += 2) {
      const [one, two] = await Promise.all([createKilledAt(step), createKilledAt(step + 1)]);
      outcomes.push(one.state, two.state);
      last = two.end;
    }
    // Both kinds of moment were met, and once it is ready it stays ready.
    expect(outcomes.length).toBeGreaterThan(10);
    expect(outcomes[0]).toBe('none');
    expect(outcomes.lastIndexOf('none')).toBeLessThan(outcomes.indexOf('ready'));
  });
});

describe('editing, killed at random', () => {
  it.each(drivers)('keeps every acknowledged edit (%s)', { timeout: 60_000 }, async (name, driver) => {
    using folder = temporaryFolder();
    const first = optionsFor(folder.path);
    await (await createVault<NoteTables>(first)).close();
    first.profile.close();
    for (let round = 0; round < 4; round++) {
      const child = startFixture(new URL('./fixtures/editUntilKilled.ts', import.meta.url), [
        folder.path,
        name,
      ]);
      let output = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      if (child.stdout !== null) await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 20 + round * 37));
      child.kill('SIGKILL');
      await ended(child);
      const acknowledged = Number(output.trimEnd().split('\n').at(-1));
      const options = optionsFor(folder.path);
      const vault = await openVault<NoteTables>({ ...options, driver });
      expect(await countNotes(vault.db)).toBeGreaterThanOrEqual(acknowledged);
      expect(await vault.checkIntegrity()).toEqual([]);
      await vault.close();
      options.profile.close();
    }
  });
});

describe('two programs on one profile', () => {
  it('refuses the second, and lets it in as soon as the first is gone, however it went', async () => {
    using folder = temporaryFolder();
    const child = startFixture(new URL('./fixtures/holdProfile.ts', import.meta.url), [folder.path]);
    try {
      if (child.stdout !== null) await once(child.stdout, 'data');
      const second = () => openProfile(folder.path, { waitMs: 50 });
      expect(second).toThrow(expect.objectContaining({ code: 'vault.in-use' }));
    } finally {
      child.kill('SIGKILL');
    }
    await ended(child);
    const profile = openProfile(folder.path, { waitMs: 0 });
    expect(() => openProfile(folder.path, { waitMs: 0 })).toThrow(
      expect.objectContaining({ code: 'vault.in-use' }),
    );
    profile.close();
    openProfile(folder.path, { waitMs: 0 }).close();
  });
});
