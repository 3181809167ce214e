/** From a new laptop to an unlocked one and back, with everything that can go wrong on the way. */
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { procedureNames, procedures } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { filesContaining, memorySecrets, temporaryFolder, testPassphrase } from '../vault/testing.ts';
import { startCore, type TestCore, type TestEnrolment, testEnrolment } from './testing.ts';

const enrolling = { code: 'ABCD-1234', label: 'Laptop Jana', passphrase: testPassphrase };

let folder: ReturnType<typeof temporaryFolder>;
let secrets: ReturnType<typeof memorySecrets>;
let enrolment: TestEnrolment;
let core: TestCore;
beforeEach(() => {
  folder = temporaryFolder();
  secrets = memorySecrets();
  enrolment = testEnrolment();
  core = start();
});
afterEach(async () => {
  await core.close();
  folder[Symbol.dispose]();
});

function start(startReason: 'start' | 'locked' | 'crashed' = 'start'): TestCore {
  return startCore({ folder: folder.path, secrets, enrolment, startReason });
}

/** As the host does after a lock: the process ends and a fresh one begins. */
async function restart(startReason: 'start' | 'locked' | 'crashed' = 'locked'): Promise<void> {
  await core.close();
  core = start(startReason);
}

describe('a new laptop', () => {
  it('has a handler for every procedure and answers nothing that needs the vault', async () => {
    expect(Object.keys(core.handlers).sort()).toEqual([...procedureNames].sort());
    expect(core.sessionEvent()).toMatchObject({ phase: 'new', user: null, notice: null });
    await expect(core.handlers['day.get']({})).rejects.toMatchObject({ code: 'vault.locked' });
    await expect(core.handlers['session.unlock']({ passphrase: 'x' })).rejects.toMatchObject({
      code: 'vault.missing',
    });
    expect(await core.handlers['session.lock']({})).toEqual({});
    expect(core.locks).toEqual([]);
  });

  it('becomes a device of the organisation by a one-time code, and is unlocked', async () => {
    const checked = await core.handlers['session.checkCode']({ code: 'ABCD-1234' });
    expect(checked.user.name).toBe('Jana Petersen');
    const view = await core.handlers['session.enrol'](enrolling);
    expect(procedures['session.enrol'].output.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      phase: 'unlocked',
      user: { name: 'Jana Petersen', role: 'specialist' },
      device: { label: 'Laptop Jana' },
      attemptsLeft: 10,
      emergency: [{ number: '0228 555 0100' }],
    });
    expect(core.isUnlocked()).toBe(true);
    expect(core.engines.running).toBe(1);
    expect(core.locks).toEqual(['unlocked']);
    expect(core.events.map(({ name }) => name)).toContain('session');
    await expect(core.handlers['session.enrol'](enrolling)).rejects.toMatchObject({ code: 'enrol.already' });
  });

  it('is told how good a passphrase is before it is taken, and takes no weak one', async () => {
    const check = (passphrase: string) => core.handlers['session.checkPassphrase']({ passphrase });
    expect(await check('kurz')).toMatchObject({ acceptable: false, problem: 'vault.passphrase-short' });
    expect(await check(testPassphrase)).toMatchObject({ acceptable: true, problem: null, strength: 4 });
    await expect(core.handlers['session.enrol']({ ...enrolling, passphrase: 'kurz' })).rejects.toMatchObject({
      code: 'vault.passphrase-short',
    });
    expect(core.sessionEvent().phase).toBe('new');
    expect(enrolment.devices.size).toBe(0);
  });

  it('leaves nothing behind when the code is refused, and enrols with the next one', async () => {
    await expect(core.handlers['session.enrol']({ ...enrolling, code: 'FALSCH' })).rejects.toMatchObject({
      code: 'enrol.code-unknown',
    });
    expect(readdirSync(folder.path)).not.toContain('vault.db');
    enrolment.beforeRedeem = () => {
      throw new TmaError('enrol.code-expired');
    };
    await expect(core.handlers['session.enrol'](enrolling)).rejects.toMatchObject({
      code: 'enrol.code-expired',
    });
    expect(core.sessionEvent().phase).toBe('new');
    enrolment.beforeRedeem = () => undefined;
    const other = { ...enrolling, passphrase: 'ein ganz anderer Satz über Birnen' };
    expect((await core.handlers['session.enrol'](other)).phase).toBe('unlocked');
  });

  it('does not lose a redeemed code whose answer was lost, and goes on with the passphrase chosen then', async () => {
    enrolment.afterRedeem = () => {
      throw new TmaError('service.unreachable');
    };
    await expect(core.handlers['session.enrol'](enrolling)).rejects.toMatchObject({
      code: 'service.unreachable',
    });
    await restart('crashed');
    expect(core.sessionEvent().phase).toBe('new');
    enrolment.afterRedeem = () => undefined;
    expect((await core.handlers['session.checkCode']({ code: 'abcd 1234' })).user.name).toBe('Jana Petersen');
    const other = { ...enrolling, passphrase: 'ein ganz anderer Satz über Birnen' };
    await expect(core.handlers['session.enrol'](other)).rejects.toMatchObject({
      code: 'vault.wrong-passphrase',
    });
    expect((await core.handlers['session.enrol'](enrolling)).phase).toBe('unlocked');
    expect(enrolment.devices.size).toBe(1);
  });

  it('begins anew with another passphrase after an enrolment that never finished', async () => {
    enrolment.beforeRedeem = () => {
      throw new TmaError('service.unreachable');
    };
    await expect(core.handlers['session.enrol'](enrolling)).rejects.toMatchObject({
      code: 'service.unreachable',
    });
    await restart('crashed');
    await expect(core.handlers['session.unlock']({ passphrase: testPassphrase })).rejects.toMatchObject({
      code: 'vault.missing',
    });
    enrolment.beforeRedeem = () => undefined;
    const other = { ...enrolling, passphrase: 'ein ganz anderer Satz über Birnen' };
    expect(await core.handlers['session.enrol'](other)).toMatchObject({
      phase: 'unlocked',
      attemptsLeft: 10,
    });
  });
});

describe('an enrolled laptop', () => {
  beforeEach(async () => {
    await core.handlers['session.enrol'](enrolling);
  });

  it('locks on request, says since when, and unlocks with the passphrase', async () => {
    await core.handlers['session.lock']({});
    expect(core.locks).toEqual(['unlocked', 'user']);
    const running = core.engines;
    await restart();
    expect(running.running).toBe(0);
    const view = core.sessionEvent();
    expect(view).toMatchObject({ phase: 'locked', notice: 'idle', user: { name: 'Jana Petersen' } });
    expect(view.lockedSince).not.toBeNull();
    await expect(
      core.handlers['session.unlock']({ passphrase: 'falsch geraten, leider' }),
    ).rejects.toMatchObject({ code: 'vault.wrong-passphrase', params: { attemptsLeft: 9 } });
    expect(core.sessionEvent().attemptsLeft).toBe(9);
    const unlocked = await core.handlers['session.unlock']({ passphrase: testPassphrase });
    expect(unlocked).toMatchObject({ phase: 'unlocked', attemptsLeft: 10, lockedSince: null, notice: null });
    expect(await core.handlers['session.unlock']({ passphrase: 'egal' })).toMatchObject({
      phase: 'unlocked',
    });
  });

  it('opens once when asked twice at the same moment', async () => {
    await restart();
    const both = await Promise.all([
      core.handlers['session.unlock']({ passphrase: testPassphrase }),
      core.handlers['session.unlock']({ passphrase: testPassphrase }),
    ]);
    expect(both.map(({ phase }) => phase)).toEqual(['unlocked', 'unlocked']);
    expect(core.engines.running).toBe(1);
  });

  it('says so when the process before it crashed', async () => {
    await restart('crashed');
    expect(core.sessionEvent()).toMatchObject({ phase: 'locked', notice: 'crashed' });
  });

  it('keeps what was written, and none of it readable in any file', async () => {
    const canary = 'Kanarienvogel';
    const { caseId } = await core.handlers['reports.take']({
      channel: 'phone',
      receivedAt: '2026-11-23T08:00:00.000Z',
      anonymous: true,
      reporterName: null,
      reporterContact: null,
      who: canary,
      whoIsAtRisk: null,
      what: canary,
      where: null,
      when: null,
      behaviours: [],
      emergency: true,
    });
    expect(core.events.at(-1)).toEqual({ name: 'cases', payload: { caseIds: [caseId], origin: 'here' } });
    expect(filesContaining(folder.path, canary)).toEqual([]);
    await restart();
    await core.handlers['session.unlock']({ passphrase: testPassphrase });
    expect((await core.handlers['cases.get']({ caseId })).line.title).toBe(canary);
  });

  it('remembers language and theme for everybody who sits down at it, locked or not', async () => {
    expect(await core.handlers['settings.set']({ language: 'de', theme: 'dark' })).toEqual({
      language: 'de',
      theme: 'dark',
    });
    await restart();
    expect(core.sessionEvent().settings).toEqual({ language: 'de', theme: 'dark' });
    expect(await core.handlers['settings.set']({ language: null })).toEqual({
      language: null,
      theme: 'dark',
    });
    expect(core.events.at(-1)?.name).toBe('settings');
  });

  it('offers the shipped instruments and measures, and knows itself before the directory has come', async () => {
    const shipped = procedures['catalogue.get'].output.parse(await core.handlers['catalogue.get']({}));
    expect(shipped.instruments.map(({ id }) => id)).toContain('warning-behaviours');
    expect(await core.handlers['directory.get']({})).toEqual({ users: [], devices: [] });
    expect(await core.handlers['sync.get']({})).toMatchObject({ state: 'never' });
  });
});
