import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openProfile } from '../device/profile.ts';
import { openEscrowSlot } from './keys/escrow.ts';
import { keptFrom, readKeptShare, serverShareName, usableShare } from './keys/share.ts';
import { readUserHeader } from './keys/slot.ts';
import { rotateKey } from './rekey.ts';
import {
  ended,
  fileSecrets,
  loadableDrivers,
  manualClock,
  type NoteTables,
  noteMigrations,
  otherPassphrase,
  startFixture,
  temporaryFolder,
  testBinding,
  testKdf,
  testPassphrase,
  testShare,
} from './testing.ts';
import type { ServerShare } from './types.ts';
import { changePassphrase, createVault, openVault, recoverWithEscrow } from './vault.ts';

function optionsFor(folder: string) {
  return {
    profile: openProfile(folder),
    secrets: fileSecrets(folder),
    migrations: noteMigrations,
    clock: manualClock(),
    passphrase: testPassphrase,
    kdf: testKdf,
  };
}

type Options = ReturnType<typeof optionsFor> & { readonly share?: ServerShare };

/** A share in the keystore, wanted, as of the first of all milliseconds. */
function keptNow(): Uint8Array {
  const fresh = { share: new Uint8Array(32).fill(7), isWanted: true, deposit: null, windowMs: 1_000 };
  return new Uint8Array(Buffer.from(JSON.stringify(keptFrom(fresh, 0))));
}

/** An organisation's escrow key pair, as raw bytes. */
function escrowKeys() {
  const pair = generateKeyPairSync('x25519');
  return {
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32),
  };
}

async function makeWithNote(
  options: Options,
  escrow?: { keyId: string; publicKey: Uint8Array },
): Promise<void> {
  const extra = escrow === undefined ? {} : { escrow };
  const vault = await createVault<NoteTables>({ ...options, binding: testBinding, ...extra });
  await vault.write((tx) => tx.insertInto('note').values({ text: 'stays' }).execute());
  await vault.close();
}

async function notes(options: Options): Promise<readonly string[]> {
  const vault = await openVault<NoteTables>(options);
  try {
    expect(await vault.checkIntegrity()).toEqual([]);
    return (await vault.db.selectFrom('note').select('text').execute()).map((row) => row.text);
  } finally {
    await vault.close();
  }
}

describe('rotating the data key', () => {
  it.each(loadableDrivers().map((driver) => [driver.name, driver] as const))(
    'changes every page, keeps every note and the passphrase (%s)',
    async (_name, driver) => {
      using folder = temporaryFolder();
      const options = { ...optionsFor(folder.path), driver };
      await makeWithNote(options);
      const before = readFileSync(options.profile.vaultFile);
      await rotateKey(options);
      const after = readFileSync(options.profile.vaultFile);
      expect(after.length).toBe(before.length);
      for (let page = 0; page < before.length; page += 4096) {
        const sameBytes = after
          .subarray(page + 16, page + 4096)
          .equals(before.subarray(page + 16, page + 4096));
        expect(sameBytes).toBe(false);
      }
      expect(await notes(options)).toEqual(['stays']);
      options.profile.close();
    },
  );

  it('is refused while the vault is open, which goes on working', async () => {
    using folder = temporaryFolder();
    const options = optionsFor(folder.path);
    await makeWithNote(options);
    const vault = await openVault<NoteTables>(options);
    await expect(rotateKey(options)).rejects.toMatchObject({ code: 'vault.in-use' });
    await vault.write((tx) => tx.insertInto('note').values({ text: 'more' }).execute());
    await vault.close();
    expect(await notes(options)).toEqual(['stays', 'more']);
    options.profile.close();
  });
});

describe.each(['rotate', 'change'])('killed before each step in turn (%s)', (action) => {
  it('leaves a vault that opens, with everything in it', { timeout: 120_000 }, async () => {
    using original = temporaryFolder();
    const first = optionsFor(original.path);
    await makeWithNote(first);
    first.profile.close();
    let killed = 0;
    for (let step = 1, end = 'SIGKILL'; end === 'SIGKILL'; step++) {
      using folder = temporaryFolder();
      cpSync(original.path, folder.path, { recursive: true });
      end = await ended(
        startFixture(new URL('./fixtures/dieAtStep.ts', import.meta.url), [
          folder.path,
          String(step),
          action,
        ]),
      );
      if (end === 'SIGKILL') killed += 1;
      const options = optionsFor(folder.path);
      const opened = notes(options).catch(() => notes({ ...options, passphrase: otherPassphrase }));
      expect(await opened).toEqual(['stays']);
      expect(existsSync(options.profile.vaultFile.replace('.db', '.next.db'))).toBe(false);
      options.profile.close();
    }
    expect(killed).toBeGreaterThanOrEqual(action === 'rotate' ? 8 : 1);
  });
});

describe.each([
  ['on', false],
  ['off', true],
] as const)('killed before each step in turn (share %s)', (to, holdsBefore) => {
  it('leaves a vault that opens with the share its slot needs, and one that is in the keystore', {
    timeout: 120_000,
  }, async () => {
    using original = temporaryFolder();
    const first = optionsFor(original.path);
    await makeWithNote(first);
    if (holdsBefore) {
      await first.secrets.set(serverShareName, keptNow());
      await (await openVault({ ...first, share: testShare(7) })).close();
    }
    first.profile.close();
    const fixture = new URL('./fixtures/dieAtStep.ts', import.meta.url);
    const seen = new Set<boolean>();
    for (let step = 1, end = 'SIGKILL'; end === 'SIGKILL'; step++) {
      using folder = temporaryFolder();
      cpSync(original.path, folder.path, { recursive: true });
      end = await ended(startFixture(fixture, [folder.path, String(step), `share ${to}`]));
      const options = optionsFor(folder.path);
      const slot = options.profile.device.slots.get('user');
      const holds = slot !== undefined && readUserHeader(slot).serverShare;
      seen.add(holds);
      const kept = await readKeptShare(options.secrets);
      // What the slot needs is in the keystore as long as it does.
      if (holds) expect(usableShare(kept, 0)).toEqual(new Uint8Array(32).fill(7));
      const share = { ...testShare(7), wanted: async () => undefined };
      expect(await notes(holds ? { ...options, share } : options)).toEqual(['stays']);
      if (end !== 'SIGKILL')
        expect({ holds, kept: kept !== undefined }).toEqual({ holds: to === 'on', kept: to === 'on' });
      options.profile.close();
    }
    expect(seen).toEqual(new Set([true, false]));
  });
});

describe('escrow', () => {
  it('lets the organisation back in after a forgotten passphrase, also after a rotation', async () => {
    using folder = temporaryFolder();
    const options = optionsFor(folder.path);
    const { publicKey, privateKey } = escrowKeys();
    await makeWithNote(options, { keyId: 'escrow-2026', publicKey });
    await rotateKey(options);
    await changePassphrase({ ...options, newPassphrase: otherPassphrase });
    const recover = { ...options, newPassphrase: 'ein ganz neuer Satz hierfür' };
    await expect(
      recoverWithEscrow({ ...recover, escrowPrivateKey: escrowKeys().privateKey }),
    ).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    await options.secrets.delete('device-secret');
    await recoverWithEscrow({ ...recover, escrowPrivateKey: privateKey });
    expect(await notes({ ...options, passphrase: recover.newPassphrase })).toEqual(['stays']);
    await expect(notes(options)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    const slot = options.profile.device.slots.get('escrow');
    if (slot === undefined) throw new Error('no escrow slot');
    const tampered = { ...slot, header: slot.header.replace('user-1', 'user-2') };
    expect(() => openEscrowSlot(tampered, privateKey)).toThrow();
    options.profile.close();
  });

  it('needs no share of the service, and the next unlock asks for one again', async () => {
    using folder = temporaryFolder();
    const options = { ...optionsFor(folder.path), share: testShare(7) };
    const { publicKey, privateKey } = escrowKeys();
    await makeWithNote(options, { keyId: 'escrow-2026', publicKey });
    expect(await notes(options)).toEqual(['stays']);
    const { share: _unreachable, ...without } = options;
    await expect(notes(without)).rejects.toMatchObject({ code: 'vault.secret-missing' });
    await recoverWithEscrow({ ...without, newPassphrase: otherPassphrase, escrowPrivateKey: privateKey });
    const recovered = { ...without, passphrase: otherPassphrase };
    expect(await notes(recovered)).toEqual(['stays']);
    expect(await notes({ ...recovered, share: testShare(7) })).toEqual(['stays']);
    await expect(notes(recovered)).rejects.toMatchObject({ code: 'vault.secret-missing' });
    options.profile.close();
  });

  it('is nothing a laptop without it can be opened by', async () => {
    using folder = temporaryFolder();
    const options = optionsFor(folder.path);
    await makeWithNote(options);
    const recover = recoverWithEscrow({
      ...options,
      newPassphrase: otherPassphrase,
      escrowPrivateKey: escrowKeys().privateKey,
    });
    await expect(recover).rejects.toMatchObject({ code: 'vault.missing' });
    options.profile.close();
  });
});
