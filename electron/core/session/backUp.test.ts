/** A backup through the contract, and a laptop that is made from it. */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pieceBytes } from '../../../shared/contract/fileProcedures.ts';
import type { InputOf } from '../../../shared/contract/procedures.ts';
import { openProfile } from '../device/profile.ts';
import { memorySecrets, otherPassphrase, temporaryFolder, testPassphrase } from '../vault/testing.ts';
import { startCore, type TestCore, testEnrolment } from './testing.ts';

vi.setConfig({ testTimeout: 120_000 });

const keys = generateKeyPairSync('x25519');
const escrowKey = String(keys.privateKey.export({ format: 'jwk' }).d);
let folder: ReturnType<typeof temporaryFolder>;
let core: TestCore;
let target: string;
let asked: string[];
let path: string | null;
beforeEach(async () => {
  folder = temporaryFolder();
  target = join(folder.path, 'my.tma');
  path = target;
  asked = [];
  const enrolment = testEnrolment();
  enrolment.escrow = { keyId: 'safe-1', publicKey: String(keys.publicKey.export({ format: 'jwk' }).x) };
  core = startCore({
    ...{ folder: join(folder.path, 'one'), secrets: memorySecrets(), enrolment },
    async choosePlace({ name }) {
      asked.push(name);
      return path === null ? null : { type: 'file', path };
    },
  });
  await core.handlers['session.enrol']({ code: 'ABCD-1234', label: 'Laptop', passphrase: testPassphrase });
  await takeReport();
});
afterEach(async () => {
  await core.close();
  folder[Symbol.dispose]();
});

function takeReport() {
  return core.handlers['reports.take']({
    ...{ channel: 'phone', receivedAt: '2026-11-23T08:00:00.000Z', anonymous: true, emergency: false },
    ...{ reporterName: null, reporterContact: null, who: 'Herr Kanarienvogel', whoIsAtRisk: null },
    ...{ what: 'Ein Anruf', where: null, when: null, behaviours: [] },
  });
}

/** As a page does it. */
async function restore(laptop: TestCore, opener: InputOf<'vault.restore'>['opener'], file = target) {
  const bytes = readFileSync(file);
  const { transfer } = await laptop.handlers['files.begin']({ sizeBytes: bytes.length });
  const answer = laptop.handlers['vault.restore']({ transfer, opener });
  let over = false;
  answer.finally(() => (over = true)).catch(() => undefined);
  for (let at = 0; at < bytes.length && !over; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes).toString('base64');
    await laptop.handlers['files.put']({ transfer, bytes: piece }).catch(() => undefined);
  }
  return answer;
}

function newLaptop(name: string): TestCore {
  return startCore({
    ...{ folder: join(folder.path, name), secrets: memorySecrets(), enrolment: testEnrolment() },
  });
}

const list = { list: 'reports', sort: 'updated', descending: true, offset: 0, limit: 10 } as const;

describe('a backup', () => {
  it('goes where the person says, with its progress, and the vault is open again afterwards', async () => {
    const { saved } = await core.handlers['vault.backUp']({ passphrase: testPassphrase });
    expect(asked[0]).toMatch(/^tma-backup-\d{4}-\d\d-\d\d\.tma$/);
    expect(saved).toMatchObject({ sizeBytes: readFileSync(target).length, files: 1 });
    const told = core.events.filter(({ name }) => name === 'progress').map(({ payload }) => payload);
    expect(told.at(-1)).toEqual({
      task: 'backup',
      doneBytes: saved?.sizeBytes,
      totalBytes: saved?.sizeBytes,
    });
    expect(core.events).toContainEqual({
      name: 'session',
      payload: expect.objectContaining({ work: 'backing-up' }),
    });
    expect((await core.handlers['cases.list'](list)).total).toBe(1);
    expect(readFileSync(target).includes('Kanarienvogel')).toBe(false);
    expect(existsSync(`${target}.part`)).toBe(false);
  });

  it('is not written where the person chose no place, or with a wrong passphrase, which counts', async () => {
    path = null;
    expect(await core.handlers['vault.backUp']({ passphrase: testPassphrase })).toEqual({ saved: null });
    const wrong = core.handlers['vault.backUp']({ passphrase: otherPassphrase });
    await expect(wrong).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    expect(asked).toHaveLength(1);
    expect(core.isUnlocked()).toBe(true);
  });

  it('that cannot be written leaves no half file, and the vault open', async () => {
    path = join(folder.path, 'no-such-folder', 'my.tma');
    const refused = core.handlers['vault.backUp']({ passphrase: testPassphrase });
    await expect(refused).rejects.toMatchObject({ code: 'files.place-refused' });
    expect((await core.handlers['cases.list'](list)).total).toBe(1);
  });
});

describe('a laptop made from a backup', () => {
  it.each([
    ['its passphrase', { passphrase: testPassphrase }, testPassphrase],
    ['the recovery key', { escrowKey, newPassphrase: otherPassphrase }, otherPassphrase],
  ])('opens with %s, holds everything, and knows that it was restored', async (_with, opener, opens) => {
    await core.handlers['vault.backUp']({ passphrase: testPassphrase });
    const before = core.sessionEvent();
    const laptop = newLaptop('two');
    const view = await restore(laptop, opener);
    expect(view).toMatchObject({ phase: 'unlocked', user: before.user, tenant: before.tenant });
    expect((await laptop.handlers['cases.list'](list)).lines[0]?.title).toBe('Herr Kanarienvogel');
    await laptop.close();
    const profile = openProfile(join(folder.path, 'two'));
    expect(profile.device.get('restored')).toBeDefined();
    profile.close();
    const again = startCore({
      ...{ folder: join(folder.path, 'two'), secrets: memorySecrets(), enrolment: testEnrolment() },
    });
    // Another keystore than the one it was restored with: the passphrase alone is not enough.
    await expect(again.handlers['session.unlock']({ passphrase: opens })).rejects.toMatchObject({
      code: 'vault.secret-missing',
    });
    await again.close();
  });

  it('is not made with a wrong passphrase or key, from half a file or another file; then it is as new', async () => {
    await core.handlers['vault.backUp']({ passphrase: testPassphrase });
    const laptop = newLaptop('two');
    await expect(restore(laptop, { passphrase: otherPassphrase })).rejects.toMatchObject({
      code: 'vault.wrong-passphrase',
    });
    const wrongKey = String(generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }).d);
    await expect(
      restore(laptop, { escrowKey: wrongKey, newPassphrase: otherPassphrase }),
    ).rejects.toMatchObject({ code: 'vault.escrow-key-wrong' });
    const other = join(folder.path, 'letter.pdf');
    writeFileSync(other, '%PDF-1.7 not a backup at all');
    await expect(restore(laptop, { passphrase: testPassphrase }, other)).rejects.toMatchObject({
      code: 'backup.not-one',
    });
    const half = join(folder.path, 'half.tma');
    writeFileSync(half, readFileSync(target));
    truncateSync(half, 40_000);
    await expect(restore(laptop, { passphrase: testPassphrase }, half)).rejects.toMatchObject({
      code: 'backup.incomplete',
    });
    expect(laptop.sessionEvent()).toMatchObject({ phase: 'new', attemptsLeft: 10 });
    expect(await restore(laptop, { passphrase: testPassphrase })).toMatchObject({ phase: 'unlocked' });
    await laptop.close();
  });

  it('never takes the place of a vault that can be used', async () => {
    await core.handlers['vault.backUp']({ passphrase: testPassphrase });
    await expect(restore(core, { passphrase: testPassphrase })).rejects.toMatchObject({
      code: 'vault.in-use',
    });
    const laptop = newLaptop('two');
    await laptop.handlers['session.enrol']({
      ...{ code: 'ABCD-1234', label: 'Laptop', passphrase: testPassphrase },
    });
    await laptop.close();
    const locked = startCore({
      ...{ folder: join(folder.path, 'two'), secrets: memorySecrets(), enrolment: testEnrolment() },
    });
    await expect(restore(locked, { passphrase: testPassphrase })).rejects.toMatchObject({
      code: 'vault.exists',
    });
    await locked.close();
  });
});
