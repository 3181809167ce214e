/** The service's share of the vault's key: a laptop, its keystore and the service, all real, over loopback. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeCrypto, systemIds } from '../../../platform/crypto.ts';
import type { UserId } from '../../../shared/ids.ts';
import {
  type RunningIdentityProvider,
  startIdentityProvider,
} from '../../../tools/support/identity-provider.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { signInByHand } from '../../../tools/support/sign-in-by-hand.ts';
import { shippedCatalogue } from '../catalogue/catalogue.ts';
import { localCalendar } from '../day/calendar.ts';
import { openProfile, type Profile } from '../device/profile.ts';
import type { Core } from '../process/coreDeps.ts';
import { createEnrolmentService } from '../service/enrolment.ts';
import { createUnlockService } from '../service/unlocking.ts';
import { createSyncEngine } from '../sync/engine.ts';
import { multipleCiphersDriver } from '../vault/drivers/multipleCiphers.ts';
import { readKeptShare, serverShareName, unlockSeedName, writeKeptShare } from '../vault/keys/share.ts';
import { memorySecrets, otherPassphrase, testKdf, testPassphrase } from '../vault/testing.ts';
import { assembleCore } from './assemble.ts';
import { slotHoldsShare } from './share.ts';

vi.setConfig({ testTimeout: 120_000 });

const dayMs = 86_400_000;
const escrow = generateKeyPairSync('x25519');
const escrowKey = String(escrow.privateKey.export({ format: 'jwk' }).d);

let service: RealService;
let owner: pg.Client;
let folder = '';
let provider: RunningIdentityProvider;
const cores: Core[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-share-'));
  service = await startRealService();
  provider = await startIdentityProvider({
    people: [{ login: 'ada', name: 'Ada Weber' }],
    organisation: 'N',
  });
  const publicKey = String(escrow.publicKey.export({ format: 'jwk' }).x);
  await service.admin.changeSettings(service.tenant, { escrow: { keyId: 'safe-1', publicKey } });
  owner = new pg.Client({ connectionString: service.ownerUrl });
  await owner.connect();
});
beforeEach(() => askFor(true));
afterEach(async () => {
  for (const core of cores.splice(0)) await core.close();
});
afterAll(async () => {
  await provider?.stop();
  await owner?.end();
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Cases may be held for as long as the laptop may work: it is the share that is looked at here. */
const askFor = (serverShare: boolean) =>
  service.admin.changeSettings(service.tenant, {
    policy: { serverShare, offlineLeaseHours: 7 * 24, holdHours: null },
  });

interface Laptop {
  readonly profileDir: string;
  readonly secrets: ReturnType<typeof memorySecrets>;
  /** By how much its clock is ahead. */
  aheadMs: number;
}

interface Desk extends Core {
  readonly laptop: Laptop;
  readonly profile: Profile;
}

/** Starts the program on a laptop. */
function start(laptop: Laptop): Desk {
  const profile = openProfile(laptop.profileDir);
  const address = { url: service.url, caPem: service.caPem };
  const core = assembleCore({
    deps: {
      config: {
        ...{ profileDir: laptop.profileDir, service: address, testKdf },
        ...{ programVersion: '0.1.0', driver: 'auto', startReason: 'start', lockReason: null },
      },
      secrets: laptop.secrets,
      emit: () => undefined,
      requestLock: () => undefined,
      announceUnlocked: () => undefined,
      copyText: () => undefined,
      choosePlace: async ({ name }) => ({ type: 'file', path: join(folder, name) }),
      async openInBrowser(url) {
        void signInByHand(url, { login: 'ada' }).then((back) => fetch(back));
        return 'opened';
      },
    },
    profile,
    driver: multipleCiphersDriver,
    clock: {
      nowMs: () => Date.now() + laptop.aheadMs,
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
    enrolment: createEnrolmentService(address),
    unlocking: createUnlockService(address),
    createEngine: createSyncEngine,
  });
  cores.push(core);
  return { ...core, laptop, profile };
}

/** Ends the program, as locking does, and starts it again. */
async function again({ laptop, close }: Desk): Promise<Desk> {
  await close();
  return start(laptop);
}

interface Enrolled {
  readonly desk: Desk;
  readonly user: UserId;
}

async function enrolled(): Promise<Enrolled> {
  const user = await service.addPerson('Ada Weber');
  const profileDir = await mkdtemp(join(folder, 'laptop-'));
  const desk = start({ profileDir, secrets: memorySecrets(), aheadMs: 0 });
  const code = await service.invite(user);
  await desk.handlers['session.enrol']({ code, label: 'Laptop', passphrase: testPassphrase });
  return { desk, user };
}

const unlock = (desk: Desk, passphrase = testPassphrase) => desk.handlers['session.unlock']({ passphrase });
const holds = ({ profile }: Desk) => slotHoldsShare(profile.device);
const kept = ({ laptop }: Desk) => readKeptShare(laptop.secrets);

async function synced(desk: Desk): Promise<void> {
  expect(await desk.handlers['sync.now']({})).toMatchObject({ state: 'idle', error: null });
}

/** What is done with a share once an exchange has told the laptop what its organisation wants. */
async function heardOf(desk: Desk, isWanted: boolean): Promise<void> {
  await vi.waitFor(async () => {
    // The round that is under way may have asked before the organisation had decided.
    await synced(desk);
    expect((await kept(desk))?.isWanted).toBe(isWanted);
  }, 20_000);
}

async function takeReport(desk: Desk): Promise<void> {
  await desk.handlers['reports.take']({
    ...{ channel: 'phone', receivedAt: '2026-11-23T08:00:00.000Z', anonymous: true, emergency: false },
    ...{ reporterName: null, reporterContact: null, who: 'Herr Nord', whoIsAtRisk: null },
    ...{ what: 'Ein Anruf', where: null, when: null, behaviours: [] },
  });
}
const list = { list: 'reports', sort: 'updated', descending: true, offset: 0, limit: 10 } as const;
const count = async (desk: Desk) => (await desk.handlers['cases.list'](list)).total;

/** The service away while something is done. */
async function offline<T>(work: () => Promise<T>): Promise<T> {
  await service.kill();
  try {
    return await work();
  } finally {
    await service.start();
  }
}

describe('a laptop of an organisation that asks for a share', () => {
  it('needs one from its enrolment on, and opens away from the service for as long as its lease', async () => {
    const { desk } = await enrolled();
    expect(holds(desk)).toBe(true);
    await takeReport(desk);
    let next = await again(desk);
    await offline(async () => {
      next.laptop.aheadMs = 6 * dayMs;
      expect(await unlock(next)).toMatchObject({ phase: 'unlocked' });
      expect(await count(next)).toBe(1);
      next = await again(next);
    });
    // Neither in a file of the profile nor, alone, of any use: the passphrase and the device secret stay as they were.
    const share = Buffer.from((await kept(next))?.share ?? '', 'base64url');
    expect(share).toHaveLength(32);
    for (const file of ['vault.db', 'device.db']) {
      expect((await readFile(join(next.laptop.profileDir, file))).includes(share)).toBe(false);
    }
  });

  it('that was enrolled before the policy gets one with an exchange, and needs it from the next unlock on', async () => {
    await askFor(false);
    const { desk } = await enrolled();
    expect([holds(desk), await desk.laptop.secrets.get(unlockSeedName)]).toEqual([false, null]);
    await askFor(true);
    await heardOf(desk, true);
    expect(holds(desk)).toBe(false);
    const next = await again(desk);
    await offline(() => unlock(next));
    expect(holds(next)).toBe(true);
    await next.close();
    await next.laptop.secrets.delete(serverShareName);
    expect(await unlock(start(next.laptop))).toMatchObject({ phase: 'unlocked' });
  });

  it('takes another passphrase and another key, and keeps needing it', async () => {
    const { desk } = await enrolled();
    const change = { passphrase: testPassphrase, newPassphrase: otherPassphrase };
    await desk.handlers['vault.changePassphrase'](change);
    await desk.handlers['vault.rotateKey']({ passphrase: otherPassphrase });
    const next = await again(desk);
    expect(holds(next)).toBe(true);
    await expect(unlock(next)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    expect(await unlock(next, otherPassphrase)).toMatchObject({ phase: 'unlocked' });
  });

  it('does without again once the organisation asks for none: from the next unlock on, also away from it', async () => {
    const { desk } = await enrolled();
    await askFor(false);
    await heardOf(desk, false);
    const next = await again(desk);
    await offline(() => unlock(next));
    expect([holds(next), await kept(next)]).toEqual([false, undefined]);
    const last = await again(next);
    await unlock(last);
    // And with one again, which the service still has.
    await askFor(true);
    await heardOf(last, true);
    const after = await again(last);
    await unlock(after);
    expect(holds(after)).toBe(true);
  });

  it('is recovered with the organisation’s key without it, and gets it back', async () => {
    const { desk } = await enrolled();
    await desk.close();
    await desk.laptop.secrets.delete(serverShareName);
    const next = start(desk.laptop);
    await offline(() => next.handlers['vault.recover']({ escrowKey, newPassphrase: otherPassphrase }));
    expect(holds(next)).toBe(false);
    await heardOf(next, true);
    const last = await again(next);
    expect(await unlock(last, otherPassphrase)).toMatchObject({ phase: 'unlocked' });
    expect(holds(last)).toBe(true);
  });

  it('is backed up and restored with the passphrase alone, as ever', async () => {
    const { desk } = await enrolled();
    await takeReport(desk);
    const { saved } = await desk.handlers['vault.backUp']({ passphrase: testPassphrase });
    expect(saved?.sizeBytes).toBeGreaterThan(0);
    expect(await count(desk)).toBe(1);
    expect(holds(desk)).toBe(true);
  });
});

describe('a share whose time is over', () => {
  async function away(aheadMs: number): Promise<Desk> {
    const { desk } = await enrolled();
    await takeReport(desk);
    await synced(desk);
    const next = await again(desk);
    next.laptop.aheadMs = aheadMs;
    return next;
  }

  it('keeps the vault closed until the service was reached, costs no attempt and loses nothing', async () => {
    const desk = await away(8 * dayMs);
    await offline(async () => {
      await expect(unlock(desk)).rejects.toMatchObject({ code: 'vault.share-needed' });
      expect((await kept(desk))?.share).toBeNull();
      const view = await desk.handlers['session.get']({});
      expect(view).toMatchObject({ phase: 'locked', trouble: { type: 'share-needed' }, attemptsLeft: 10 });
    });
    expect(await unlock(desk)).toMatchObject({ phase: 'unlocked', trouble: null });
    expect(await count(desk)).toBe(1);
  });

  it('is said so on the screen of the closed laptop before anybody tries', async () => {
    const desk = await away(8 * dayMs);
    const next = await again(desk);
    await vi.waitFor(async () =>
      expect((await next.handlers['session.get']({})).trouble).toMatchObject({ type: 'share-needed' }),
    );
  });

  it('does not come back when the clock is set back', async () => {
    const desk = await away(6 * dayMs);
    await offline(async () => {
      await unlock(desk);
      const next = await again(desk);
      next.laptop.aheadMs = dayMs;
      await expect(unlock(next)).rejects.toMatchObject({ code: 'vault.share-needed' });
      next.laptop.aheadMs = 6 * dayMs;
      await expect(unlock(next)).rejects.toMatchObject({ code: 'vault.share-needed' });
    });
  });

  it('is refused to a laptop that was taken back, whose keys are then destroyed', async () => {
    const desk = await away(8 * dayMs);
    const device = desk.profile.device.get('identity')?.deviceId;
    if (device === undefined) throw new Error('no identity');
    await service.admin.revokeDevice(service.tenant, device);
    await expect(unlock(desk)).rejects.toMatchObject({ code: 'vault.shredded' });
    const view = await desk.handlers['session.get']({});
    expect(view.trouble).toMatchObject({ type: 'wiped', because: 'remote' });
    for (const name of ['device-secret', serverShareName, unlockSeedName]) {
      expect(await desk.laptop.secrets.get(name)).toBeNull();
    }
  });

  it('that the service has lost is asked of the organisation’s key', async () => {
    const desk = await away(8 * dayMs);
    await owner.query('delete from vault_shares');
    await expect(unlock(desk)).rejects.toMatchObject({ code: 'vault.share-missing' });
    await desk.handlers['vault.recover']({ escrowKey, newPassphrase: otherPassphrase });
    expect(await count(desk)).toBe(1);
  });
});

describe('a service that was restored', () => {
  it('is given the same share again by the laptop whose slot needs it', async () => {
    const { desk } = await enrolled();
    await synced(desk);
    const before = await vi.waitUntil(() => kept(desk));
    await owner.query('delete from vault_shares');
    const deposit = { epoch: 'another', device: before.deposit?.device ?? '' };
    await writeKeptShare(desk.laptop.secrets, { ...before, deposit });
    await synced(desk);
    await vi.waitFor(async () => expect((await kept(desk))?.deposit).toEqual(before.deposit), 10_000);
    const next = await again(desk);
    next.laptop.aheadMs = 8 * dayMs;
    expect(await unlock(next)).toMatchObject({ phase: 'unlocked' });
    expect((await kept(next))?.share).toBe(before.share);
  });
});

describe('where the organisation asks for sign-ins', () => {
  it('gives the share out after one that is made from the closed laptop', async () => {
    const { desk, user } = await enrolled();
    await synced(desk);
    const next = await again(desk);
    next.laptop.aheadMs = 8 * dayMs;
    await service.admin.setLogin(service.tenant, user, 'ada');
    const identity = provider.settings({ enrolBy: 'code', signInEveryHours: 8 });
    await service.admin.changeSettings(service.tenant, { identity: { userClaim: 'sub', ...identity } });
    try {
      await expect(unlock(next)).rejects.toMatchObject({ code: 'auth.sign-in-required' });
      // By a clock that is eight days ahead of the provider's, which is known from the answer of the service.
      await next.handlers['session.signIn']({});
      expect(await unlock(next)).toMatchObject({ phase: 'unlocked' });
      await synced(next);
    } finally {
      await service.admin.changeSettings(service.tenant, { identity: undefined });
    }
  });
});
