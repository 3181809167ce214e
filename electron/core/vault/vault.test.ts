import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TmaError } from '../../../shared/errors.ts';
import { openProfile, type Profile } from '../device/profile.ts';
import type { VaultDriver } from './driver.ts';
import type { SecretStore } from './keys/secretStore.ts';
import { rotateKey } from './rekey.ts';
import {
  countNotes,
  filesContaining,
  loadableDrivers,
  type ManualClock,
  manualClock,
  memorySecrets,
  type NoteTables,
  noteMigrations,
  otherPassphrase,
  temporaryFolder,
  testBinding,
  testKdf,
  testPassphrase,
  testShare,
} from './testing.ts';
import type { OpenVault } from './types.ts';
import { changePassphrase, createVault, openVault, vaultState } from './vault.ts';

interface Laptop {
  readonly profile: Profile;
  readonly secrets: SecretStore;
  readonly clock: ManualClock;
  create(): Promise<OpenVault<NoteTables>>;
  open(passphrase?: string): Promise<OpenVault<NoteTables>>;
}

/** A laptop with its own folder, keystore and clock. */
async function withLaptop(work: (laptop: Laptop) => Promise<void>, driver?: VaultDriver): Promise<void> {
  using folder = temporaryFolder();
  const profile = openProfile(folder.path);
  const shared = {
    profile,
    secrets: memorySecrets(),
    clock: manualClock(),
    migrations: noteMigrations,
    ...(driver === undefined ? {} : { driver }),
  };
  try {
    await work({
      ...shared,
      create: () =>
        createVault({ ...shared, passphrase: testPassphrase, binding: testBinding, kdf: testKdf }),
      open: (passphrase = testPassphrase) => openVault({ ...shared, passphrase }),
    });
  } finally {
    profile.close();
  }
}

const wrong = 'ganz andere Worte als zuvor';

describe('making and opening a vault', () => {
  it.each(loadableDrivers().map((driver) => [driver.name, driver] as const))(
    'keeps what was written, over %s, and nothing of it in plain text',
    (_name, driver) =>
      withLaptop(async (laptop) => {
        expect(vaultState(laptop.profile)).toBe('none');
        await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.missing' });
        const made = await laptop.create();
        await made.write((tx) => tx.insertInto('note').values({ text: 'Kanarienvogel-4711' }).execute());
        await made.close();
        const opened = await laptop.open();
        expect(await opened.db.selectFrom('note').select('text').execute()).toEqual([
          { text: 'Kanarienvogel-4711' },
        ]);
        expect(opened.driver).toBe(driver.name);
        expect(await opened.checkIntegrity()).toEqual([]);
        await opened.close();
        expect(filesContaining(laptop.profile.folder, 'Kanarienvogel')).toEqual([]);
        expect(filesContaining(laptop.profile.folder, testPassphrase)).toEqual([]);
      }, driver),
  );

  it('does not make a second vault over the first', () =>
    withLaptop(async (laptop) => {
      await (await laptop.create()).close();
      const before = readFileSync(laptop.profile.vaultFile);
      await expect(laptop.create()).rejects.toMatchObject({ code: 'vault.exists' });
      expect(readFileSync(laptop.profile.vaultFile).equals(before)).toBe(true);
    }));

  it('sets a vault file without key slots aside instead of writing over it', () =>
    withLaptop(async (laptop) => {
      writeFileSync(laptop.profile.vaultFile, 'a vault whose device.db was lost');
      await (await laptop.create()).close();
      const [kept] = readdirSync(join(laptop.profile.folder, 'set-aside'));
      expect(readFileSync(join(laptop.profile.folder, 'set-aside', kept ?? ''), 'utf8')).toMatch(
        /^a vault whose/,
      );
    }));

  it('refuses a weak passphrase before anything is made', () =>
    withLaptop(async ({ profile, secrets, clock }) => {
      const options = {
        profile,
        secrets,
        clock,
        migrations: noteMigrations,
        binding: testBinding,
        kdf: testKdf,
      };
      const attempt = createVault({
        ...options,
        passphrase: 'Anna Schmidt 2026',
        contextWords: ['Anna Schmidt'],
      });
      await expect(attempt).rejects.toMatchObject({ code: 'vault.passphrase-common' });
      expect(readdirSync(profile.folder).sort()).toEqual(['device.db', 'lock.db']);
    }));

  it('refuses key derivation below the floor', () =>
    withLaptop(async ({ profile, secrets, clock }) => {
      const kdf = { memoryKiB: 32 * 1024, passes: 3, lanes: 4 };
      const options = { profile, secrets, clock, migrations: noteMigrations, binding: testBinding, kdf };
      const attempt = createVault({ ...options, passphrase: testPassphrase });
      await expect(attempt).rejects.toMatchObject({ code: 'vault.header-weak' });
      expect(vaultState(profile)).toBe('none');
    }));

  it('accepts the same passphrase typed in another Unicode form', () =>
    withLaptop(async ({ profile, secrets, clock }) => {
      const options = { profile, secrets, clock, migrations: noteMigrations };
      const composed = 'Größenwahn und Überraschung'.normalize('NFC');
      const made = createVault({ ...options, passphrase: composed, binding: testBinding, kdf: testKdf });
      await (await made).close();
      await (await openVault({ ...options, passphrase: composed.normalize('NFD') })).close();
    }));
});

describe('what goes wrong at unlock', () => {
  it('says how many attempts are left and forgets the failures on success', () =>
    withLaptop(async (laptop) => {
      await (await laptop.create()).close();
      const failure = { code: 'vault.wrong-passphrase', params: { attemptsLeft: 9 } };
      await expect(laptop.open(wrong)).rejects.toMatchObject(failure);
      await (await laptop.open()).close();
      await expect(laptop.open(wrong)).rejects.toMatchObject(failure);
    }));

  it('explains a keystore that changed without counting it as an attempt', () =>
    withLaptop(async (laptop) => {
      await (await laptop.create()).close();
      await laptop.secrets.set('device-secret', new Uint8Array(32).fill(1));
      const explained = { code: 'vault.secret-missing', params: { expected: 'memory' } };
      await expect(laptop.open()).rejects.toMatchObject(explained);
      await laptop.secrets.delete('device-secret');
      await expect(laptop.open()).rejects.toMatchObject(explained);
      expect(laptop.profile.device.attempts.read().failed).toBe(0);
    }));

  it('opens nothing when a key slot was tampered with', () =>
    withLaptop(async (laptop) => {
      await (await laptop.create()).close();
      const { slots } = laptop.profile.device;
      const slot = slots.get('user');
      if (slot === undefined) throw new Error('no slot');
      slots.put({ ...slot, header: slot.header.replace('user-1', 'user-2') });
      await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
      slots.put({ ...slot, header: slot.header.replace('"memoryKiB":65536', '"memoryKiB":1024') });
      await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.header-weak' });
      slots.put({ ...slot, header: '{"version":2}' });
      await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.damaged' });
    }));

  it('needs the server share from the unlock on that made its slot with one, until one makes it without', () =>
    withLaptop(async ({ profile, secrets, clock, create }) => {
      const options = { profile, secrets, clock, migrations: noteMigrations, passphrase: testPassphrase };
      await (await create()).close();
      await (await openVault({ ...options, share: testShare(9) })).close();
      const missing = { code: 'vault.secret-missing', params: { expected: 'server-share' } };
      await expect(openVault(options)).rejects.toMatchObject(missing);
      await expect(openVault({ ...options, share: testShare(8) })).rejects.toMatchObject({
        code: 'vault.wrong-passphrase',
      });
      const share = testShare(9);
      await changePassphrase({ ...options, share, newPassphrase: otherPassphrase });
      const changed = { ...options, passphrase: otherPassphrase };
      await expect(openVault(changed)).rejects.toMatchObject(missing);
      await rotateKey({ ...changed, share });
      await expect(openVault(changed)).rejects.toMatchObject(missing);
      await (await openVault({ ...changed, share: { ...share, wanted: async () => null } })).close();
      await (await openVault(changed)).close();
    }));

  it('opens as it is where its slot cannot be made anew, and a share that is refused costs no attempt', () =>
    withLaptop(async ({ profile, secrets, clock, create }) => {
      const options = { profile, secrets, clock, migrations: noteMigrations, passphrase: testPassphrase };
      await (await create()).close();
      const wanted = () => Promise.reject(new TmaError('vault.secret-missing'));
      await (await openVault({ ...options, share: { ...testShare(9), wanted } })).close();
      await (await openVault({ ...options, share: testShare(9) })).close();
      const release = () => Promise.reject(new TmaError('vault.share-needed'));
      await expect(openVault({ ...options, share: { ...testShare(9), release } })).rejects.toMatchObject({
        code: 'vault.share-needed',
      });
      expect(profile.device.attempts.read().failed).toBe(0);
    }));

  it('leaves a vault of a newer program untouched', () =>
    withLaptop(async (laptop) => {
      await (await laptop.create()).close();
      const { profile, secrets, clock } = laptop;
      const newer = [
        ...noteMigrations,
        { number: 2, name: 'future', kind: 'expand', up: async () => {} } as const,
      ];
      const options = { profile, secrets, clock, passphrase: testPassphrase };
      await (await openVault({ ...options, migrations: newer })).close();
      const before = readFileSync(profile.vaultFile);
      await expect(laptop.open()).rejects.toMatchObject({
        code: 'vault.newer-schema',
        params: { found: 2, known: 1 },
      });
      expect(readFileSync(profile.vaultFile).equals(before)).toBe(true);
      await (await openVault({ ...options, migrations: newer })).close();
    }));

  it('keeps a damaged file where it is, and one copy of it aside', () =>
    withLaptop(async (laptop) => {
      await (await laptop.create()).close();
      const { profile } = laptop;
      const bytes = readFileSync(profile.vaultFile);
      bytes.writeUInt8(bytes.readUInt8(2000) ^ 1, 2000);
      writeFileSync(profile.vaultFile, bytes);
      await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.damaged' });
      await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.damaged' });
      expect(readFileSync(profile.vaultFile).equals(bytes)).toBe(true);
      const aside = readdirSync(join(profile.folder, 'set-aside'));
      expect(aside).toHaveLength(1);
      expect(readFileSync(join(profile.folder, 'set-aside', aside[0] ?? '')).equals(bytes)).toBe(true);
      truncateSync(profile.vaultFile, 0);
      await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.damaged' });
      expect(existsSync(profile.vaultFile)).toBe(true);
    }));
});

describe('changing the passphrase', () => {
  it('opens with the new one only, without touching the file', () =>
    withLaptop(async (laptop) => {
      const vault = await laptop.create();
      const { profile, secrets, clock } = laptop;
      const change = {
        profile,
        secrets,
        clock,
        passphrase: testPassphrase,
        newPassphrase: wrong,
        kdf: testKdf,
      };
      await vault.write((tx) => tx.insertInto('note').values({ text: 'before' }).execute());
      await changePassphrase(change);
      expect(await countNotes(vault.db)).toBe(1);
      await vault.close();
      await expect(laptop.open()).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
      await (await laptop.open(wrong)).close();
      await expect(changePassphrase(change)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
      const weak = { ...change, passphrase: wrong, newPassphrase: 'kurz' };
      await expect(changePassphrase(weak)).rejects.toMatchObject({ code: 'vault.passphrase-short' });
    }));
});
