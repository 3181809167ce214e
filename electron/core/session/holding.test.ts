/** How long a laptop that stays away from the service may hold which case. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemIds } from '../../../platform/crypto.ts';
import { type CaseId, type LeaseId, newId } from '../../../shared/ids.ts';
import type { Lease } from '../../../shared/sync/leases.ts';
import { memorySecrets, temporaryFolder, testPassphrase } from '../vault/testing.ts';
import { startCore, type TestCore, testEnrolment } from './testing.ts';

// Every unlock derives a key with at least 64 MiB, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const hourMs = 3_600_000;
const policy = { idleLockMinutes: 60, offlineLeaseHours: 168, holdHours: 24, checkoutHours: 72 };

let folder: ReturnType<typeof temporaryFolder>;
let options: Parameters<typeof startCore>[0];
let core: TestCore;
let startMs: number;
beforeEach(async () => {
  folder = temporaryFolder();
  options = { folder: folder.path, secrets: memorySecrets(), enrolment: testEnrolment() };
  core = startCore(options);
  await core.handlers['session.enrol']({ code: 'ABCD-1234', label: 'Laptop', passphrase: testPassphrase });
  startMs = core.clock.nowMs();
});
afterEach(async () => {
  await core.close();
  folder[Symbol.dispose]();
});

async function restart(startAtMs: number): Promise<void> {
  const { canSeal } = core.service;
  await core.close();
  core = startCore({ ...options, startAtMs });
  core.service.canSeal = canSeal;
  core.service.isReachable = false;
}

const unlock = () => core.handlers['session.unlock']({ passphrase: testPassphrase });

async function takeReport(): Promise<CaseId> {
  const { caseId } = await core.handlers['reports.take']({
    ...{ channel: 'phone', receivedAt: '2026-11-23T08:00:00.000Z', anonymous: true, reporterName: null },
    ...{ reporterContact: null, who: 'Unbekannt', whoIsAtRisk: null, what: 'x', where: null, when: null },
    ...{ behaviours: [], emergency: false },
  });
  return caseId;
}

const leaseOf = (caseId: CaseId, hours: number): Lease => ({
  ...{
    id: newId<LeaseId>(systemIds),
    case: caseId,
    purpose: 'travel',
    sinceMs: startMs,
    renewedAtMs: startMs,
  },
  ...{ untilMs: startMs + hours * hourMs, wishedUntilMs: startMs + hours * hourMs },
});

/** The last contact; from then on the service is not to be reached. */
async function lastContact(...leases: readonly Lease[]): Promise<void> {
  Object.assign(core.service, { policy, grant: { holdUntilMs: startMs + 24 * hourMs, leases } });
  await core.handlers['sync.now']({});
  core.service.isReachable = false;
}

/** Time passes with somebody at the laptop. */
async function pass(hours: number): Promise<void> {
  for (let half = 0; half < hours * 2; half++) {
    core.clock.advance(hourMs / 2);
    await core.handlers['session.activity']({});
    await core.handlers['leases.get']({}).catch(() => undefined);
  }
}

/** As somebody with a tool for SQLite could. */
function forget(setting: string): void {
  const database = new Database(join(folder.path, 'device.db'));
  database.prepare<[string]>('DELETE FROM settings WHERE name = ?').run(setting);
  database.close();
}

const read = (caseId: CaseId) =>
  core.handlers['cases.get']({ caseId }).then(
    ({ line }) => line.title,
    (error: { code: string }) => error.code,
  );
const locks = () => core.locks.filter((lock) => lock !== 'unlocked');

describe('a laptop that stays away from the service', () => {
  it('keeps what is checked out, removes the other cases when their time is over, and says so', async () => {
    const taken = await takeReport();
    const left = await takeReport();
    await lastContact(leaseOf(taken, 48));
    await pass(23.5);
    expect(await read(left)).toBe('Unbekannt');
    core.clock.advance(hourMs / 2);
    await expect.poll(() => read(left)).toBe('lease.over');
    expect(await read(taken)).toBe('Unbekannt');
    expect(locks()).toEqual([]);
    const shown = core.events.filter(({ name }) => name === 'session').map(({ payload }) => payload);
    expect(shown).toContainEqual(expect.objectContaining({ work: 'expiring' }));
    const { leases, expired, next } = await core.handlers['leases.get']({});
    expect(leases.map(({ caseId }) => caseId)).toEqual([taken]);
    expect(expired).toEqual([{ caseId: left, number: null, at: expect.any(String) }]);
    expect(next).toEqual({
      ...{ at: new Date(startMs + 48 * hourMs).toISOString(), what: 'vault' },
      ...{ cases: 1, unsent: 2 },
    });
  });

  it('removes one checked-out case after the other, each at its time', async () => {
    const short = await takeReport();
    const long = await takeReport();
    await lastContact(leaseOf(short, 30), leaseOf(long, 48));
    await pass(29.5);
    expect(await read(short)).toBe('Unbekannt');
    core.clock.advance(hourMs / 2);
    await expect.poll(() => read(short)).toBe('lease.over');
    expect(await read(long)).toBe('Unbekannt');
  });

  it('locks as a whole, and keeps everything, where nothing is checked out', async () => {
    const caseId = await takeReport();
    await lastContact();
    await pass(23.5);
    expect(locks()).toEqual([]);
    core.clock.advance(hourMs / 2);
    expect(locks()).toEqual(['policy']);
    await restart(core.clock.nowMs());
    await expect(unlock()).rejects.toMatchObject({ code: 'vault.lease-over' });
    core.service.isReachable = true;
    await unlock();
    expect(await read(caseId)).toBe('Unbekannt');
  });

  it('locks as well, and removes nothing, when its lease is taken out of the settings outside the vault', async () => {
    const caseId = await takeReport();
    await lastContact();
    await core.close();
    forget('leaseUntilMs');
    core = startCore({ ...options, startAtMs: startMs + 25 * hourMs });
    core.service.isReachable = false;
    await expect(unlock()).rejects.toMatchObject({ code: 'vault.lease-over' });
    core.service.isReachable = true;
    await unlock();
    expect(await read(caseId)).toBe('Unbekannt');
  });

  it('removes nothing when the service answers in that moment', async () => {
    const taken = await takeReport();
    const left = await takeReport();
    await lastContact(leaseOf(taken, 48));
    await pass(23.5);
    core.service.isReachable = true;
    Object.assign(core.service, { grant: { holdUntilMs: startMs + 48 * hourMs, leases: [] } });
    core.clock.advance(hourMs / 2);
    await core.handlers['session.activity']({});
    await expect.poll(async () => (await core.handlers['leases.get']({})).leases).toEqual([]);
    expect(await read(left)).toBe('Unbekannt');
  });

  it('locks until the next contact where there is no key to seal unsent edits with', async () => {
    const taken = await takeReport();
    const left = await takeReport();
    await lastContact(leaseOf(taken, 48));
    core.service.canSeal = false;
    await pass(24);
    await expect.poll(() => locks()[0]).toBe('policy');
    await restart(core.clock.nowMs());
    await expect(unlock()).rejects.toMatchObject({ code: 'vault.lease-over' });
    core.service.isReachable = true;
    Object.assign(core.service, { policy, grant: { holdUntilMs: startMs + 96 * hourMs, leases: [] } });
    await unlock();
    expect(await read(left)).toBe('Unbekannt');
  });

  it('removes what is over before anything is shown, when the time passed while it was locked', async () => {
    const taken = await takeReport();
    const left = await takeReport();
    await lastContact(leaseOf(taken, 48));
    await restart(startMs + 25 * hourMs);
    await unlock();
    expect(await read(left)).toBe('lease.over');
    expect(await read(taken)).toBe('Unbekannt');
  });
});

describe('a clock that is set back', () => {
  it('gives no more time: what has passed has passed, and what passes counts', async () => {
    const taken = await takeReport();
    const left = await takeReport();
    await lastContact(leaseOf(taken, 48));
    await pass(20);
    // Back to just after the last contact.
    await restart(startMs + hourMs / 2);
    await unlock();
    expect(await read(left)).toBe('Unbekannt');
    for (let minute = 0; minute < 5 * 60; minute++) {
      core.clock.advance(60_000);
      await core.handlers['session.activity']({});
    }
    await expect.poll(() => read(left)).toBe('lease.over');
    expect(core.clock.nowMs()).toBeLessThan(startMs + 6 * hourMs);
  });

  it('does not help when the settings outside the vault are removed, either', async () => {
    const taken = await takeReport();
    const left = await takeReport();
    await lastContact(leaseOf(taken, 48));
    await pass(23);
    await core.close();
    forget('clockMarkMs');
    core = startCore({ ...options, startAtMs: startMs + hourMs / 2 });
    core.service.isReachable = false;
    await unlock();
    for (let minute = 0; minute < 90; minute++) {
      core.clock.advance(60_000);
      await core.handlers['session.activity']({});
    }
    await expect.poll(() => read(left)).toBe('lease.over');
  });
});

describe('a case that is given back', () => {
  it('is no longer held for longer than the others, at once', async () => {
    const taken = await takeReport();
    await lastContact(leaseOf(taken, 48));
    const { leases, next } = await core.handlers['leases.giveBack']({ caseId: taken });
    expect(leases).toEqual([]);
    expect(next).toMatchObject({ at: new Date(startMs + 24 * hourMs).toISOString(), what: 'vault' });
    await pass(23.5);
    core.clock.advance(hourMs / 2);
    expect(locks()).toEqual(['policy']);
  });

  it('cannot be checked out without the service', async () => {
    const caseId = await takeReport();
    await lastContact();
    const until = new Date(startMs + 48 * hourMs).toISOString();
    const take = core.handlers['leases.take']({ caseId, purpose: 'interview', until });
    await expect(take).rejects.toMatchObject({ code: 'service.unreachable' });
  });
});
