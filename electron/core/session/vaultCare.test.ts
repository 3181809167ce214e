/** What a person does with the vault itself, and what protects it when nobody is there. */
import { generateKeyPairSync } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeCrypto } from '../../../platform/crypto.ts';
import { fromBase64Url } from '../../../shared/bytes.ts';
import { procedures } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { isWipedSigned, readWiped, type SignedWiped } from '../../../shared/sync/wiped.ts';
import { memorySecrets, otherPassphrase, temporaryFolder, testPassphrase } from '../vault/testing.ts';
import { startCore, type TestCore, type TestEnrolment, testEnrolment } from './testing.ts';

// Every attempt derives a key with at least 64 MiB, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const enrolling = { code: 'ABCD-1234', label: 'Laptop Jana', passphrase: testPassphrase };

let folder: ReturnType<typeof temporaryFolder>;
let secrets: ReturnType<typeof memorySecrets>;
let enrolment: TestEnrolment;
let core: TestCore;
beforeEach(async () => {
  folder = temporaryFolder();
  secrets = memorySecrets();
  enrolment = testEnrolment();
  core = startCore({ folder: folder.path, secrets, enrolment });
  await core.handlers['session.enrol'](enrolling);
});
afterEach(async () => {
  await core.close();
  folder[Symbol.dispose]();
});

async function restart(startAtMs?: number): Promise<void> {
  await core.close();
  core = startCore({
    folder: folder.path,
    secrets,
    enrolment,
    startReason: 'start',
    ...(startAtMs === undefined ? {} : { startAtMs }),
  });
}

function unlock(passphrase: string) {
  return core.handlers['session.unlock']({ passphrase });
}

async function takeReport(what = 'Ein Anruf'): Promise<CaseId> {
  const taken = await core.handlers['reports.take']({
    channel: 'phone',
    receivedAt: '2026-11-23T08:00:00.000Z',
    anonymous: true,
    reporterName: null,
    reporterContact: null,
    who: 'Unbekannt',
    whoIsAtRisk: null,
    what,
    where: null,
    when: null,
    behaviours: [],
    emergency: false,
  });
  return taken.caseId;
}

describe('wrong passphrases', () => {
  it('are waited for after five, are told to the screen, and end in a destroyed key at the tenth', async () => {
    await restart();
    const wrong = () => unlock('falsch geraten, leider').catch((error: { code: string }) => error.code);
    for (let attempt = 1; attempt <= 5; attempt++) expect(await wrong()).toBe('vault.wrong-passphrase');
    expect(await wrong()).toBe('vault.throttled');
    const waiting = core.sessionEvent();
    expect(waiting.attemptsLeft).toBe(5);
    expect(Date.parse(waiting.retryAt ?? '') - core.clock.nowMs()).toBe(30_000);
    expect(core.events.at(-1)).toEqual({ name: 'session', payload: waiting });
    for (let attempt = 6; attempt <= 10; attempt++) {
      core.clock.advance(hourMs);
      expect(await wrong()).toBe(attempt < 10 ? 'vault.wrong-passphrase' : 'vault.shredded');
    }
    const view = core.sessionEvent();
    expect(procedures['session.get'].output.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      phase: 'new',
      notice: 'wiped',
      trouble: { type: 'wiped', because: 'attempts', reported: false },
    });
    await expect(unlock(testPassphrase)).rejects.toMatchObject({ code: 'vault.shredded' });
    expect(existsSync(join(folder.path, 'vault.db'))).toBe(true);
  });

  it('lock an open vault whose last attempt was used up on changing the passphrase', async () => {
    for (let attempt = 1; attempt <= 10; attempt++) {
      core.clock.advance(attempt);
      const change = { passphrase: 'geraten von jemand anderem', newPassphrase: otherPassphrase };
      core.clock.advance(20 * minuteMs * (attempt > 5 ? 1 : 0));
      await expect(core.handlers['vault.changePassphrase'](change)).rejects.toMatchObject({
        code: attempt < 10 ? 'vault.wrong-passphrase' : 'vault.shredded',
      });
    }
    await expect.poll(() => core.locks.at(-1)).toBe('policy');
    await restart();
    expect(core.sessionEvent().trouble).toMatchObject({
      ...{ type: 'wiped', because: 'attempts', reported: true },
    });
  });
});

describe('changing the passphrase', () => {
  it('keeps the vault open, and afterwards only the new one opens it', async () => {
    const caseId = await takeReport();
    await core.handlers['vault.changePassphrase']({
      passphrase: testPassphrase,
      newPassphrase: otherPassphrase,
    });
    expect(core.isUnlocked()).toBe(true);
    await restart();
    await expect(unlock(testPassphrase)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    await unlock(otherPassphrase);
    expect((await core.handlers['cases.get']({ caseId })).line.title).toBe('Unbekannt');
  });

  it('refuses one that holds the own name, and changes nothing then', async () => {
    const change = { passphrase: testPassphrase, newPassphrase: 'Jana Petersen!!' };
    await expect(core.handlers['vault.changePassphrase'](change)).rejects.toMatchObject({
      code: 'vault.passphrase-common',
    });
    await restart();
    expect((await unlock(testPassphrase)).phase).toBe('unlocked');
  });
});

describe('a new key for the vault', () => {
  it('is given while somebody is signed in, and everything is there afterwards', async () => {
    const caseId = await takeReport();
    const running = core.engines;
    const view = await core.handlers['vault.rotateKey']({ passphrase: testPassphrase });
    expect(view).toMatchObject({ phase: 'unlocked', work: null });
    expect(running.running).toBe(1);
    expect(core.locks.filter((lock) => lock !== 'unlocked')).toEqual([]);
    const shown = core.events.filter(({ name }) => name === 'session').map(({ payload }) => payload);
    expect(shown).toContainEqual(expect.objectContaining({ phase: 'unlocked', work: 'rotating' }));
    expect((await core.handlers['cases.get']({ caseId })).line.title).toBe('Unbekannt');
    await restart();
    await unlock(testPassphrase);
    expect((await core.handlers['cases.get']({ caseId })).line.title).toBe('Unbekannt');
  });

  it('is not made with a wrong passphrase, and the vault stays open', async () => {
    const caseId = await takeReport();
    await expect(
      core.handlers['vault.rotateKey']({ passphrase: 'falsch geraten, leider' }),
    ).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    expect((await core.handlers['cases.get']({ caseId })).line.title).toBe('Unbekannt');
  });
});

describe('a laptop that nobody touches', () => {
  it('locks after five minutes, counted from the last touch', async () => {
    core.clock.advance(4 * minuteMs);
    await core.handlers['session.activity']({});
    core.clock.advance(4 * minuteMs);
    expect(core.locks).toEqual(['unlocked']);
    core.clock.advance(minuteMs);
    expect(core.locks).toEqual(['unlocked', 'idle']);
  });

  it('is not kept open by what the program does by itself', async () => {
    core.clock.advance(4 * minuteMs);
    await core.handlers['day.get']({});
    await core.handlers['sync.get']({});
    core.clock.advance(minuteMs);
    expect(core.locks).toContain('idle');
  });

  it('locks after as long as the organisation wants', async () => {
    core.tellPolicy({ idleLockMinutes: 1, offlineLeaseHours: null });
    await core.handlers['session.activity']({});
    core.clock.advance(minuteMs);
    expect(core.locks).toContain('idle');
  });
});

describe('a policy that arrives while the vault is open', () => {
  it('locks at once when nobody has touched the laptop for longer than it allows', () => {
    core.clock.advance(4 * minuteMs);
    core.tellPolicy({ idleLockMinutes: 3, offlineLeaseHours: null });
    core.clock.advance(0);
    expect(core.locks).toEqual(['unlocked', 'idle']);
  });

  it('counts from the last touch, not from its own arrival', async () => {
    await core.handlers['session.activity']({});
    core.clock.advance(minuteMs);
    core.tellPolicy({ idleLockMinutes: 2, offlineLeaseHours: null });
    core.clock.advance(minuteMs - 1);
    expect(core.locks).toEqual(['unlocked']);
    core.clock.advance(1);
    expect(core.locks).toEqual(['unlocked', 'idle']);
  });

  it('gives more time where it allows more', () => {
    core.clock.advance(4 * minuteMs);
    core.tellPolicy({ idleLockMinutes: 10, offlineLeaseHours: null });
    core.clock.advance(5 * minuteMs);
    expect(core.locks).toEqual(['unlocked']);
    core.clock.advance(minuteMs);
    expect(core.locks).toEqual(['unlocked', 'idle']);
  });
});

describe('a laptop that stays away from the service', () => {
  it('locks when its lease is over and opens again only once the service has answered', async () => {
    core.tellPolicy({ idleLockMinutes: 60, offlineLeaseHours: 24 });
    await core.handlers['session.activity']({});
    for (let hour = 0; hour < 24; hour++) {
      expect(core.locks).toEqual(['unlocked']);
      core.clock.advance(hourMs / 2);
      await core.handlers['session.activity']({});
      core.clock.advance(hourMs / 2);
      await core.handlers['session.activity']({});
    }
    expect(core.locks).toEqual(['unlocked', 'policy']);
    await restart(core.clock.nowMs());
    expect(core.sessionEvent().trouble).toMatchObject({ type: 'lease-over' });
    core.service.isReachable = false;
    await expect(unlock(testPassphrase)).rejects.toMatchObject({ code: 'vault.lease-over' });
    expect(core.isUnlocked()).toBe(false);
    core.service.isReachable = true;
    expect(await unlock(testPassphrase)).toMatchObject({ phase: 'unlocked', trouble: null });
  });

  it('does not get round it by setting the clock back', async () => {
    core.tellPolicy({ idleLockMinutes: 60, offlineLeaseHours: 24 });
    await restart(core.clock.nowMs() - 48 * hourMs);
    core.service.isReachable = false;
    await expect(unlock(testPassphrase)).rejects.toMatchObject({ code: 'vault.lease-over' });
  });
});

describe('a laptop that the organisation takes back', () => {
  it('destroys its keys as soon as it hears of it', async () => {
    core.service.revoke();
    await expect.poll(() => core.locks.at(-1)).toBe('policy');
    expect(await secrets.get('device-secret')).toBeNull();
    await restart();
    expect(core.sessionEvent()).toMatchObject({
      phase: 'new',
      trouble: { type: 'wiped', because: 'remote' },
    });
  });

  it('tells the service so with what it signed before its keys went', async () => {
    await takeReport();
    const received: SignedWiped[] = [];
    enrolment.receive = (receipt) => void received.push(receipt);
    core.service.revoke();
    await expect.poll(() => core.locks.at(-1)).toBe('policy');
    const [receipt] = received;
    const [key = ''] = enrolment.devices.keys();
    const device = enrolment.devices.get(key);
    const said = readWiped(receipt?.text ?? '');
    expect(said).toMatchObject({ device, because: 'remote', cases: 1, lost: 2 });
    const deviceKey = fromBase64Url(key) ?? new Uint8Array();
    expect(receipt && isWipedSigned(receipt, deviceKey, nodeCrypto)).toBe(true);
    await restart();
    expect(core.sessionEvent().trouble).toMatchObject({ type: 'wiped', reported: true });
  });

  it('goes on telling it after the keys are gone, until the service has it', async () => {
    const received: SignedWiped[] = [];
    enrolment.receive = () => {
      throw new TmaError('service.unreachable');
    };
    core.service.revoke();
    await expect.poll(() => core.locks.at(-1)).toBe('policy');
    await restart();
    expect(core.sessionEvent().trouble).toMatchObject({ type: 'wiped', reported: false });
    await new Promise((resolve) => setImmediate(resolve));
    enrolment.receive = (receipt) => void received.push(receipt);
    core.clock.advance(10 * minuteMs);
    await expect.poll(() => core.sessionEvent().trouble).toMatchObject({ reported: true });
    expect(received).toHaveLength(1);
  });

  it('hands in what was not sent before the keys go, and tries again where that failed', async () => {
    const order: string[] = [];
    let isReachable = false;
    core.service.leave = async () => {
      order.push((await secrets.get('device-secret')) === null ? 'too late' : 'in time');
      return isReachable;
    };
    core.service.revoke();
    await expect.poll(() => order).toEqual(['in time']);
    expect(await secrets.get('device-secret')).not.toBeNull();
    isReachable = true;
    // As the engine says with each of its tries.
    await expect
      .poll(async () => {
        core.service.revoke();
        return secrets.get('device-secret');
      })
      .toBeNull();
    expect(order).toEqual(['in time', 'in time']);
  });
});

/** Overwrites pages in the middle of the file. */
function damagePages(path: string, from: number, to: number): void {
  const size = statSync(path).size;
  const file = openSync(path, 'r+');
  const start = Math.floor((size * from) / 4096) * 4096;
  const length = Math.ceil((size * (to - from)) / 4096) * 4096;
  writeSync(file, Buffer.alloc(length, 0x5a), 0, length, start);
  closeSync(file);
}

describe('a damaged vault', () => {
  it('is kept, told with what was not sent, and read as far as it can be', async () => {
    for (let n = 0; n < 60; n++) await takeReport(`Meldung ${n} ${'x'.repeat(2_000)}`);
    core.tellUnsent(60);
    await core.close();
    damagePages(join(folder.path, 'vault.db'), 0.5, 0.6);
    core = startCore({ folder: folder.path, secrets, enrolment });
    await unlock(testPassphrase).catch(() => undefined);
    // Somewhere a page is read that is not there any more.
    if (core.isUnlocked()) {
      await core.handlers['cases.list']({
        list: 'reports',
        sort: 'updated',
        descending: true,
        offset: 0,
        limit: 500,
      }).catch(() => undefined);
      await core.handlers['search.query']({ text: 'meldung', limit: 100 }).catch(() => undefined);
      await restart();
    }
    const before = readdirSync(folder.path);
    expect(before).toContain('vault.db');
    expect(core.sessionEvent().unsent).toMatchObject({ count: 60 });
    const report = await core.handlers['vault.salvage']({ passphrase: testPassphrase });
    expect(procedures['vault.salvage'].output.parse(report)).toEqual(report);
    expect(report.cases).toBeGreaterThan(20);
    expect(report.unsent).toBeGreaterThan(20);
    expect(readdirSync(join(folder.path, 'set-aside'))).toContain(report.copy);
    expect(report.outcome).toBe(report.lost.every((name) => name.startsWith('search')) ? 'whole' : 'partial');
  });

  it('goes on where only the index of the search was hit', async () => {
    const caseId = await takeReport();
    await core.close();
    core = startCore({ folder: folder.path, secrets, enrolment });
    const report = await core.handlers['vault.salvage']({ passphrase: testPassphrase });
    expect(report).toMatchObject({ outcome: 'whole', lost: [], cases: 1, unsent: 2 });
    await unlock(testPassphrase);
    expect((await core.handlers['cases.get']({ caseId })).line.title).toBe('Unbekannt');
    const { hits } = await core.handlers['search.query']({ text: 'anruf', limit: 10 });
    expect(hits).toHaveLength(1);
  });
});

describe('a forgotten passphrase', () => {
  it('is replaced with the key of the organisation, which the service is told', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    using other = temporaryFolder();
    const organised = testEnrolment();
    organised.escrow = { keyId: 'safe-1', publicKey: String(publicKey.export({ format: 'jwk' }).x) };
    const options = { folder: other.path, secrets: memorySecrets(), enrolment: organised };
    let laptop = startCore(options);
    await laptop.handlers['session.enrol'](enrolling);
    expect(laptop.sessionEvent().hasEscrow).toBe(true);
    await laptop.close();
    laptop = startCore(options);
    const recover = (escrowKey: string) =>
      laptop.handlers['vault.recover']({ escrowKey, newPassphrase: otherPassphrase });
    const wrong = String(generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }).d);
    await expect(recover(wrong)).rejects.toMatchObject({ code: 'vault.escrow-key-wrong' });
    await expect(recover('kein Schlüssel')).rejects.toMatchObject({ code: 'vault.escrow-key-wrong' });
    const right = String(privateKey.export({ format: 'jwk' }).d);
    expect(await recover(right)).toMatchObject({ phase: 'unlocked', attemptsLeft: 10 });
    expect(laptop.notices()).toEqual([expect.objectContaining({ type: 'vault.recovered' })]);
    await laptop.close();
    laptop = startCore(options);
    const opened = await laptop.handlers['session.unlock']({ passphrase: otherPassphrase });
    expect(opened.phase).toBe('unlocked');
    await laptop.close();
  });

  it('cannot be replaced where the organisation has no key', async () => {
    await restart();
    expect(core.sessionEvent().hasEscrow).toBe(false);
    const key = String(generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }).d);
    await expect(
      core.handlers['vault.recover']({ escrowKey: key, newPassphrase: otherPassphrase }),
    ).rejects.toMatchObject({ code: 'vault.missing' });
  });
});
