/** S02, S03: a laptop, its vault, the service and an identity provider, all real, over loopback. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto, systemIds } from '../../../platform/crypto.ts';
import type { UserId } from '../../../shared/ids.ts';
import type { IdentityProvider } from '../../../shared/sync/identity.ts';
import {
  type RunningIdentityProvider,
  startIdentityProvider,
} from '../../../tools/support/identity-provider.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { signInByHand } from '../../../tools/support/sign-in-by-hand.ts';
import { shippedCatalogue } from '../catalogue/catalogue.ts';
import { localCalendar } from '../day/calendar.ts';
import { openProfile } from '../device/profile.ts';
import type { Core } from '../process/coreDeps.ts';
import { createEnrolmentService } from '../service/enrolment.ts';
import { createUnlockService } from '../service/unlocking.ts';
import { createSyncEngine } from '../sync/engine.ts';
import { multipleCiphersDriver } from '../vault/drivers/multipleCiphers.ts';
import { filesContaining, memorySecrets, testKdf, testPassphrase } from '../vault/testing.ts';
import { assembleCore } from './assemble.ts';

const people = [
  { login: 'ada', name: 'Ada Weber' },
  { login: 'max', name: 'Max Roth' },
];

let service: RealService;
let provider: RunningIdentityProvider;
let folder = '';
const users = new Map<string, UserId>();
const cores: Core[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-session-'));
  service = await startRealService();
  provider = await startIdentityProvider({ people, organisation: 'Nordwerk' });
  for (const { login, name } of people) {
    const user = await service.addPerson(name);
    users.set(login, user);
    await service.admin.setLogin(service.tenant, user, login);
  }
});
afterEach(async () => {
  for (const core of cores.splice(0)) await core.close();
});
afterAll(async () => {
  await provider?.stop();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

const decide = (decided: Pick<IdentityProvider, 'enrolBy' | 'signInEveryHours'>) =>
  service.admin.changeSettings(service.tenant, {
    identity: { userClaim: 'sub', ...provider.settings(decided) },
  });

interface Desk extends Core {
  readonly profileDir: string;
  readonly opened: string[];
  /** Who sits at the browser from now on; null leaves it as it is. */
  who: string | null;
}

function sit(
  who: string | null,
  {
    profileDir = join(folder, `laptop-${cores.length}-${Date.now()}`),
    secrets = memorySecrets(),
    knows = true,
  } = {},
): Desk {
  const opened: string[] = [];
  const desk = { profileDir, opened, who };
  const core = assembleCore({
    deps: {
      config: {
        profileDir,
        service: {
          url: service.url,
          caPem: service.caPem,
          ...(knows ? { organisation: service.tenant } : {}),
        },
        ...{ programVersion: '0.1.0', driver: 'auto', startReason: 'start', lockReason: null, testKdf },
      },
      secrets,
      emit: () => undefined,
      requestLock: () => undefined,
      announceUnlocked: () => undefined,
      copyText: () => undefined,
      choosePlace: async () => null,
      async openInBrowser(url) {
        opened.push(url);
        if (desk.who !== null) void signInByHand(url, { login: desk.who }).then((back) => fetch(back));
        return 'opened';
      },
    },
    profile: openProfile(profileDir),
    driver: multipleCiphersDriver,
    clock: {
      nowMs: () => Date.now(),
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    ids: systemIds,
    crypto: nodeCrypto,
    random: Math.random,
    calendar: localCalendar,
    catalogue: shippedCatalogue(),
    enrolment: createEnrolmentService({ url: service.url, caPem: service.caPem }),
    unlocking: createUnlockService({ url: service.url, caPem: service.caPem }),
    createEngine: createSyncEngine,
  });
  cores.push(core);
  return Object.assign(desk, core);
}

const enrol = (desk: Desk, more: { readonly code?: string } = {}) =>
  desk.handlers['session.enrol']({ label: 'Laptop 7', passphrase: testPassphrase, ...more });
const signIn = (desk: Desk) => desk.handlers['session.signIn']({});
const now = async (desk: Desk) => {
  const { state, error } = await desk.handlers['sync.now']({});
  return { state, error };
};
const codeFor = (login: string) => service.invite(users.get(login) as UserId);
const calm = { state: 'idle', error: null };

describe('S02: a new laptop', () => {
  it('becomes somebody’s by a sign-in alone, and holds the tokens where they belong', async () => {
    await decide({ enrolBy: 'either', signInEveryHours: 8 });
    const desk = sit('ada');
    expect(await desk.handlers['session.offer']({})).toEqual({
      offer: { organisation: 'Nordwerk', enrolBy: 'either' },
    });
    const { invitation } = await signIn(desk);
    expect(invitation).toMatchObject({ user: { name: 'Ada Weber' }, needsSignIn: false });
    const view = await enrol(desk);
    expect(view).toMatchObject({
      phase: 'unlocked',
      user: { name: 'Ada Weber' },
      identity: { signedInAt: expect.any(String), dueAt: expect.any(String) },
    });
    expect(await now(desk)).toEqual(calm);
    // Nothing a screen is given has a token in it, and no file of the laptop shows one.
    expect(JSON.stringify([view, invitation])).not.toMatch(/eyJ/);
    for (const part of ['eyJhbGciOi', 'refreshToken']) {
      expect(filesContaining(desk.profileDir, part)).toEqual([]);
    }
  });

  it('offers nothing where its installation does not know the organisation', async () => {
    const desk = sit('ada', { knows: false });
    expect(await desk.handlers['session.offer']({})).toEqual({ offer: null });
    await expect(signIn(desk)).rejects.toMatchObject({ code: 'auth.provider-missing' });
  });

  it('needs code and sign-in of one person where the organisation asks for both', async () => {
    await decide({ enrolBy: 'both', signInEveryHours: null });
    const desk = sit('max', { knows: false });
    const code = await codeFor('ada');
    expect(await desk.handlers['session.checkCode']({ code })).toMatchObject({ needsSignIn: true });
    await expect(enrol(desk, { code })).rejects.toMatchObject({ code: 'auth.sign-in-required' });
    await expect(signIn(desk)).rejects.toMatchObject({
      code: 'auth.wrong-user',
      params: { expected: 'Ada Weber', found: 'Max Roth' },
    });
    desk.who = 'ada';
    await signIn(desk);
    expect(await enrol(desk, { code })).toMatchObject({ phase: 'unlocked' });
    expect(await now(desk)).toEqual(calm);
  });

  it('can be cancelled, and asks one at a time', async () => {
    await decide({ enrolBy: 'either', signInEveryHours: null });
    const desk = sit(null);
    const first = signIn(desk);
    await expect.poll(() => desk.opened.length).toBe(1);
    expect((await desk.handlers['session.get']({})).signIn).toMatchObject({
      state: 'waiting',
      address: null,
    });
    await expect(signIn(desk)).rejects.toMatchObject({ code: 'auth.sign-in-running' });
    await desk.handlers['session.cancelSignIn']({});
    await expect(first).rejects.toMatchObject({ code: 'auth.sign-in-cancelled' });
    expect((await desk.handlers['session.get']({})).signIn).toBeNull();
  });
});

describe('S02, S03: an enrolled laptop', () => {
  it('works on when a sign-in is asked for, and exchanges once its person has signed in', async () => {
    await decide({ enrolBy: 'code', signInEveryHours: null });
    const secrets = memorySecrets();
    const desk = sit('max', { secrets });
    await enrol(desk, { code: await codeFor('ada') });
    expect(await now(desk)).toEqual(calm);
    await decide({ enrolBy: 'code', signInEveryHours: 8 });
    expect(await now(desk)).toEqual({ state: 'error', error: 'auth.sign-in-required' });
    expect(await desk.handlers['day.get']({})).toHaveProperty('tasks');
    await expect(signIn(desk)).rejects.toMatchObject({
      code: 'auth.wrong-user',
      params: { expected: 'Ada Weber', found: 'Max Roth' },
    });
    expect(await now(desk)).toMatchObject({ error: 'auth.sign-in-required' });
    desk.who = 'ada';
    expect(await signIn(desk)).toEqual({ invitation: null });
    expect(await now(desk)).toEqual(calm);
    // Unlocked again it renews what it has, without anybody.
    await desk.close();
    cores.length = 0;
    const again = sit(null, { profileDir: desk.profileDir, secrets });
    await again.handlers['session.unlock']({ passphrase: testPassphrase });
    expect(await now(again)).toEqual(calm);
    expect(again.opened).toEqual([]);
    // Signed out it is asked again.
    const view = await again.handlers['session.signOut']({});
    expect(view.identity).toEqual({ signedInAt: null, dueAt: null });
    expect(await now(again)).toEqual({ state: 'error', error: 'auth.sign-in-required' });
  });

  it('stops exchanging when the account is closed at the provider, and says so', async () => {
    await decide({ enrolBy: 'sign-in', signInEveryHours: 8 });
    const secrets = memorySecrets();
    const desk = sit('max', { secrets });
    await signIn(desk);
    await enrol(desk);
    expect(await now(desk)).toEqual(calm);
    await desk.close();
    cores.length = 0;
    provider.deactivate('max');
    const again = sit('max', { profileDir: desk.profileDir, secrets });
    await again.handlers['session.unlock']({ passphrase: testPassphrase });
    expect(await now(again)).toEqual({ state: 'error', error: 'auth.sign-in-ended' });
    await expect(signIn(again)).rejects.toMatchObject({ code: 'auth.sign-in-refused' });
    expect(await again.handlers['day.get']({})).toHaveProperty('tasks');
  });
});
