/** A core with a real vault and a service that only enrols. */
import type { z } from 'zod';
import { newSigningSeed, nodeCrypto, signerFromSeed, systemIds } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { EventName } from '../../../shared/contract/events.ts';
import { TmaError } from '../../../shared/errors.ts';
import {
  type CaseId,
  type DeviceId,
  newId,
  type PacketId,
  type TenantId,
  type UserId,
} from '../../../shared/ids.ts';
import { type DevicePolicy, devicePolicySchema, type EnrolAnswer } from '../../../shared/sync/enrolment.ts';
import type { Lease } from '../../../shared/sync/leases.ts';
import type { SignedWiped } from '../../../shared/sync/wiped.ts';
import type { HelloAnswer, VaultNotice } from '../../../shared/sync/wire.ts';
import { shippedCatalogue } from '../catalogue/catalogue.ts';
import { localCalendar } from '../day/calendar.ts';
import { openProfile } from '../device/profile.ts';
import type { SecretStore } from '../process/control.ts';
import type { Core, CoreDeps } from '../process/coreDeps.ts';
import type { Seal } from '../storage/packets.ts';
import type { EnrolmentService, SyncEngine, SyncEngineDeps } from '../sync/engine.types.ts';
import { multipleCiphersDriver } from '../vault/drivers/multipleCiphers.ts';
import { type ManualClock, manualClock, testKdf } from '../vault/testing.ts';
import { assembleCore } from './assemble.ts';

const tenant = { id: newId<TenantId>(systemIds), name: 'Nordwerk' };
const user = { id: newId<UserId>(systemIds), name: 'Jana Petersen', role: 'specialist' as const };
const serviceKey = toBase64Url(signerFromSeed(newSigningSeed()).publicKey);
const emergency = [{ label: 'Werkschutz', number: '0228 555 0100' }];

export interface TestEnrolment extends EnrolmentService {
  /** Called before a code is redeemed; throws what the network would. */
  beforeRedeem: () => void;
  /** Called after it was redeemed, before the answer is given. */
  afterRedeem: () => void;
  readonly devices: Map<string, DeviceId>;
  /** Is given what a laptop signed before its keys went; throws what the network would. */
  receive: (receipt: SignedWiped) => void;
  /** The organisation's escrow key, where it has one. */
  escrow?: { readonly keyId: string; readonly publicKey: string };
}

/** One code, `ABCD-1234`, which makes one device; the same key gets the same answer again. */
export function testEnrolment(): TestEnrolment {
  const devices = new Map<string, DeviceId>();
  const service: TestEnrolment = {
    devices,
    beforeRedeem: () => undefined,
    afterRedeem: () => undefined,
    receive: () => undefined,
    organisation: async () => ({ tenant, serverTimeMs: Date.now() }),
    async checkSignIn() {
      throw new TmaError('auth.provider-missing');
    },
    async check(code) {
      if (code.toUpperCase().replace(/[^A-Z0-9]/g, '') !== 'ABCD1234')
        throw new TmaError('enrol.code-unknown');
      if (devices.size > 0) throw new TmaError('enrol.code-used');
      const escrow = service.escrow === undefined ? {} : { escrow: service.escrow };
      return { tenant, user, expiresAt: '2027-01-01T00:00:00.000Z', ...escrow };
    },
    async wiped(receipt) {
      service.receive(receipt);
      return { outcome: 'kept' };
    },
    async redeem({ deviceKey, label }): Promise<EnrolAnswer> {
      service.beforeRedeem();
      if (devices.size > 0 && !devices.has(deviceKey)) throw new TmaError('enrol.code-used');
      const id = devices.get(deviceKey) ?? newId<DeviceId>(systemIds);
      devices.set(deviceKey, id);
      service.afterRedeem();
      return { tenant, user, device: { id, label }, serviceKey, emergency };
    },
  };
  return service;
}

const idle = {
  state: 'never',
  heldOffline: false,
  unsent: 0,
  oldestUnsentAt: null,
  refused: 0,
  refusedToRead: 0,
  setAside: 0,
  offlineSince: null,
  lastSuccessAt: null,
  nextTryAt: null,
  error: null,
  skewMs: null,
  restored: null,
  progress: null,
} as const;

/** A service that answers a hello when it is reachable, and knows nothing of cases. */
interface TestService {
  isReachable: boolean;
  /** Hands in what was not sent, when the laptop is taken back. */
  leave: () => Promise<boolean>;
  /** What it grants with its next answer. */
  grant?: { readonly holdUntilMs: number | null; readonly leases: readonly Lease[] };
  policy?: DevicePolicy;
  /** The organisation has a key to seal unsent edits with. */
  canSeal: boolean;
  /** Takes the laptop back. */
  revoke: () => void;
}

interface EngineUse {
  readonly started: { running: number };
  readonly service: TestService;
  readonly onDeps: (deps: SyncEngineDeps) => void;
}

const sealToNobody: Seal = () => ({ id: newId<PacketId>(systemIds), text: '{}', sig: '' });

const unreachable = async (): Promise<never> => {
  throw new TmaError('service.unreachable');
};

function silentEngine(deps: SyncEngineDeps, { started, service, onDeps }: EngineUse): SyncEngine {
  const view = async () => idle;
  onDeps(deps);
  service.revoke = () => deps.emit('sync', { ...idle, state: 'error', error: 'auth.device-revoked' });
  return {
    get: view,
    async now() {
      if (!service.isReachable) return idle;
      const { leases, holdUntilMs } = service.grant ?? { leases: [], holdUntilMs: null };
      await deps.log.keepGranted({ leases, aheadMs: 0, contact: { atMs: deps.clock.nowMs(), holdUntilMs } });
      const policy = service.policy === undefined ? {} : { policy: service.policy };
      deps.onHello({
        ...helloAnswer,
        ...policy,
        serverTimeMs: deps.clock.nowMs(),
        leases: [...leases],
      });
      return idle;
    },
    hold: view,
    handInSignIn: async () => ({ signedInAtMs: 0 }),
    depositShare: unreachable,
    start: () => void started.running++,
    stop: async () => void started.running--,
    leave: () => service.leave(),
    leases: unreachable,
    async expire(cases) {
      const seal = service.canSeal ? sealToNobody : undefined;
      const kept: CaseId[] = [];
      for (const caseId of cases) {
        if (!(await deps.log.expireCase(caseId, { atMs: deps.clock.nowMs(), seal }))) kept.push(caseId);
      }
      return kept;
    },
    wake: () => undefined,
    blobs: { state: unreachable, put: unreachable, get: unreachable },
    tell: view,
  };
}

const helloAnswer: HelloAnswer = {
  serverTimeMs: 0,
  epoch: 'test',
  protocol: { min: 1, max: 1 },
  schema: { min: 1, max: 1 },
  directory: { users: [], devices: [] },
  emergency,
};

export interface TestCore extends Core {
  readonly clock: ManualClock;
  readonly service: TestService;
  /** As the service would in its next hello. */
  tellPolicy(policy: z.input<typeof devicePolicySchema>): void;
  /** What the service would be told in the next hello. */
  notices(): readonly VaultNotice[];
  /** As the sync engine does after an edit. */
  tellUnsent(count: number): void;

  readonly events: { readonly name: EventName; readonly payload: unknown }[];
  readonly locks: string[];
  /** How many sync engines are running. */
  readonly engines: { running: number };
}

export interface TestCoreOptions {
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly enrolment: EnrolmentService;
  readonly startReason?: 'start' | 'locked' | 'crashed';
  readonly startAtMs?: number;
  readonly choosePlace?: CoreDeps['choosePlace'];
}

export function startCore(options: TestCoreOptions): TestCore {
  const { folder, secrets, enrolment, startReason = 'start' } = options;
  const clock = manualClock(options.startAtMs ?? Date.now());
  const service: TestService = {
    canSeal: true,
    isReachable: true,
    leave: async () => true,
    revoke: () => undefined,
  };
  let engine: SyncEngineDeps | undefined;
  const onDeps = (deps: SyncEngineDeps) => {
    engine = deps;
  };
  const events: TestCore['events'] = [];
  const locks: string[] = [];
  const engines = { running: 0 };
  const core = assembleCore({
    deps: {
      config: {
        profileDir: folder,
        service: { url: 'https://localhost:1', caPem: 'none' },
        programVersion: '0.1.0',
        driver: 'auto',
        startReason,
        lockReason: startReason === 'locked' ? 'idle' : null,
        testKdf,
      },
      secrets,
      emit: (name, payload) => void events.push({ name, payload }),
      requestLock: (reason) => void locks.push(reason),
      announceUnlocked: () => void locks.push('unlocked'),
      copyText: () => {},
      choosePlace: options.choosePlace ?? (async () => null),
      openInBrowser: async () => 'refused',
    },
    profile: openProfile(folder, { waitMs: 50 }),
    driver: multipleCiphersDriver,
    clock,
    ids: systemIds,
    crypto: nodeCrypto,
    random: Math.random,
    calendar: localCalendar,
    catalogue: shippedCatalogue(),
    enrolment,
    unlocking: { release: unreachable },
    createEngine: (deps) => silentEngine(deps, { started: engines, service, onDeps }),
  });
  return {
    ...{ ...core, events, locks, engines, clock, service },
    notices: () => engine?.notices?.pending() ?? [],
    tellPolicy: (policy) => engine?.onHello({ ...helloAnswer, policy: devicePolicySchema.parse(policy) }),
    tellUnsent: (unsent) =>
      engine?.emit('sync', { ...idle, unsent, oldestUnsentAt: new Date(clock.nowMs()).toISOString() }),
  };
}
