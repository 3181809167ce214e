import { generateKeyPairSync } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openProfile } from '../../device/profile.ts';
import { fileSink } from '../../files/place.ts';
import { attachmentStore } from '../attachments/store.ts';
import {
  filesContaining,
  manualClock,
  memorySecrets,
  type NoteTables,
  noteMigrations,
  otherPassphrase,
  temporaryFolder,
  testBinding,
  testKdf,
  testPassphrase,
} from '../testing.ts';
import { createVault, openVault, vaultState } from '../vault.ts';
import { writeBackup } from './backup.ts';
import { restoreBackup } from './restore.ts';

function laptop(folder: string) {
  return {
    profile: openProfile(folder),
    secrets: memorySecrets(),
    migrations: noteMigrations,
    clock: manualClock(),
    passphrase: testPassphrase,
    kdf: testKdf,
  };
}

const escrow = generateKeyPairSync('x25519');
const escrowPublic = escrow.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const escrowPrivate = escrow.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);

/** A laptop with a note and an attachment, backed up; then the work with the backup's path. */
async function withBackup(work: (target: string, name: string) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  using elsewhere = temporaryFolder();
  const old = laptop(folder.path);
  const recipient = { keyId: 'escrow-2026', publicKey: escrowPublic };
  const vault = await createVault<NoteTables>({ ...old, binding: testBinding, escrow: recipient });
  const ref = await attachmentStore(folder.path).write(
    (async function* () {
      yield Buffer.from('Kanarienvogel im Anhang');
    })(),
  );
  const text = JSON.stringify({ ...ref, key: Buffer.from(ref.key).toString('hex') });
  await vault.write((tx) => tx.insertInto('note').values({ text }).execute());
  const target = join(elsewhere.path, 'laptop.tma-backup');
  await expect(writeBackup({ ...old, target: await fileSink(target) })).rejects.toMatchObject({
    code: 'vault.in-use',
  });
  await vault.write((tx) => tx.insertInto('note').values({ text: 'Kanarienvogel im Vermerk' }).execute());
  await vault.close();
  await writeBackup({ ...old, target: await fileSink(target) });
  old.profile.close();
  expect(filesContaining(elsewhere.path, 'Kanarienvogel')).toEqual([]);
  expect(existsSync(join(folder.path, 'vault.next.db'))).toBe(false);
  await work(target, ref.name);
}

/** Opened only when it is read. */
async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path);
}

describe('a backup', () => {
  it.each([
    ['the passphrase', { passphrase: testPassphrase }],
    ['the escrow key', { escrowPrivateKey: escrowPrivate }],
  ])('becomes a vault on another laptop with %s', (_with, opener) =>
    withBackup(async (source) => {
      using folder = temporaryFolder();
      const next = { ...laptop(folder.path), passphrase: otherPassphrase };
      await restoreBackup({ ...next, source: bytesOf(source), opener });
      const vault = await openVault<NoteTables>(next);
      const [first, second] = await vault.db.selectFrom('note').select('text').execute();
      expect(second?.text).toBe('Kanarienvogel im Vermerk');
      expect(await vault.checkIntegrity()).toEqual([]);
      await vault.close();
      const kept = JSON.parse(first?.text ?? '{}') as { name: string; key: string; sizeBytes: number };
      const ref = { ...kept, key: Buffer.from(kept.key, 'hex'), sha256: new Uint8Array() };
      for await (const bytes of attachmentStore(folder.path).read(ref)) {
        expect(Buffer.from(bytes).toString()).toBe('Kanarienvogel im Anhang');
      }
      await expect(restoreBackup({ ...next, source: bytesOf(source), opener })).rejects.toMatchObject({
        code: 'vault.exists',
      });
      next.profile.close();
    }),
  );

  it('is refused when the passphrase is wrong, or one byte of it is another, and leaves no vault', () =>
    withBackup(async (source) => {
      using folder = temporaryFolder();
      const next = laptop(folder.path);
      const restore = (passphrase = testPassphrase) =>
        restoreBackup({ ...next, source: bytesOf(source), opener: { passphrase } });
      await expect(restore(otherPassphrase)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
      const whole = readFileSync(source);
      const head = whole.indexOf('\n');
      const changedSize = whole.toString('latin1').replace('\\"createdAtMs\\":1', '\\"createdAtMs\\":2');
      const newer = whole.toString('latin1').replace('\\"version\\":1', '\\"version\\":2');
      for (const [code, bad] of [
        ['backup.incomplete', whole.subarray(0, -1)],
        ['backup.incomplete', Buffer.concat([whole, Buffer.from('x')])],
        ['backup.not-one', whole.subarray(0, head)],
        ['backup.not-one', Buffer.from('no backup at all')],
        ['backup.not-one', Buffer.from('no backup at all\nbut two lines\n')],
        ['backup.newer', Buffer.from(newer, 'latin1')],
        ['backup.incomplete', Buffer.from(changedSize, 'latin1')],
        [
          'backup.incomplete',
          Buffer.concat([
            whole.subarray(0, head + 5000),
            Buffer.from([1, 2, 3]),
            whole.subarray(head + 5003),
          ]),
        ],
      ] as const) {
        writeFileSync(source, bad);
        await expect(restore()).rejects.toMatchObject({ code });
        expect(vaultState(next.profile)).toBe('none');
      }
      writeFileSync(source, whole);
      await restore();
      expect(vaultState(next.profile)).toBe('ready');
      next.profile.close();
    }));

  it('of another person, or of a newer program, is refused before anything takes its place', () =>
    withBackup(async (source) => {
      using folder = temporaryFolder();
      const next = laptop(folder.path);
      const restore = (more: object) =>
        restoreBackup({
          ...{ ...next, ...more, source: bytesOf(source) },
          opener: { passphrase: testPassphrase },
        });
      const person = { tenantId: testBinding.tenantId, userId: 'somebody-else' };
      await expect(restore({ person })).rejects.toMatchObject({ code: 'backup.other-person' });
      await expect(restore({ migrations: [] })).rejects.toMatchObject({ code: 'vault.newer-schema' });
      expect(vaultState(next.profile)).toBe('none');
      expect(existsSync(join(folder.path, 'vault.next.db'))).toBe(false);
      expect(await restore({ person: testBinding })).toMatchObject({ binding: testBinding });
      next.profile.close();
    }));
});
