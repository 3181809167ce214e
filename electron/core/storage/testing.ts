/** What the tests of the core share: laptops with real vaults, and a service reduced to its logs. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { Handlers } from '../../../shared/contract/procedures.ts';
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import {
  type CaseId,
  type DeviceId,
  type IdSource,
  newId,
  type TenantId,
  type UserId,
} from '../../../shared/ids.ts';
import { readChange } from '../../../shared/sync/change.ts';
import { effectiveStamp } from '../../../shared/sync/clock.ts';
import type { Signer } from '../../../shared/sync/crypto.ts';
import { emptyLog, extendLog, type LogEntry, type LogHead, signHead } from '../../../shared/sync/log.ts';
import { chainChanges, type SegmentDraft } from '../../../shared/sync/segment.ts';
import type { CasePage, PushAnswer, SegmentOutcome } from '../../../shared/sync/wire.ts';
import { assessmentHandlers } from '../assessment/handlers.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { casesHandlers } from '../cases/handlers.ts';
import { shippedCatalogue } from '../catalogue/catalogue.ts';
import { clipboardHandlers } from '../clipboard/handlers.ts';
import { conflictsHandlers } from '../conflicts/handlers.ts';
import { localCalendar } from '../day/calendar.ts';
import { dayHandlers } from '../day/handlers.ts';
import { directoryHandlers } from '../directory/handlers.ts';
import { draftsHandlers } from '../drafts/handlers.ts';
import { intakeHandlers } from '../intake/handlers.ts';
import { searchHandlers } from '../search/handlers.ts';
import type { Workspace } from '../session/workspace.ts';
import type { VaultDriver } from '../vault/driver.ts';
import { multipleCiphersDriver } from '../vault/drivers/multipleCiphers.ts';
import { migrate } from '../vault/migrate.ts';
import { migrations } from '../vault/migrations/index.ts';
import { VaultSession } from '../vault/session.ts';
import { manualClock } from '../vault/testing.ts';
import { type Identity, identityOf } from './identity.ts';
import { localLog } from './localLog.ts';
import type { LocalLog, VerifiedPage } from './logPort.ts';
import { type Owner, readMeta, writeMeta } from './meta.ts';
import type { VaultTables } from './tables.ts';

export type FeatureHandlers = Omit<
  Handlers,
  | `session.${string}`
  | `vault.${string}`
  | `files.${string}`
  | `evidence.${string}`
  | `sync.${string}`
  | `leases.${string}`
  | 'settings.set'
  | 'catalogue.get'
>;

/** A clock for ids and edits that tests move by hand; every reading is a millisecond later. */
export interface TestClock extends IdSource {
  advance(ms: number): void;
}

export function testClock(startMs = Date.UTC(2026, 10, 23, 8)): TestClock {
  let now = startMs;
  return {
    nowMs: () => ++now,
    randomBytes: (length) => randomBytes(length),
    advance(ms) {
      now += ms;
    },
  };
}

export interface Laptop {
  readonly owner: Owner;
  readonly vault: VaultSession<VaultTables>;
  readonly workspace: Workspace;
  readonly handlers: FeatureHandlers;
  readonly log: LocalLog;
  readonly identity: Identity;
  /** Cases told to the screens as changed here. */
  readonly told: CaseId[];
}

const catalogue = shippedCatalogue();

/** An open vault without the cost of a key derivation. */
export async function openTestVault(
  folder: string,
  driver: VaultDriver = multipleCiphersDriver,
  key = { key: Buffer.alloc(32, 7), salt: Buffer.alloc(16, 9) },
): Promise<VaultSession<VaultTables>> {
  const connection = await driver.open(join(folder, 'vault.db'), key, { create: true });
  const schema = await migrate(connection, migrations);
  return new VaultSession<VaultTables>({ connection, driver, schema, clock: manualClock() });
}

export interface LaptopOptions {
  readonly folder: string;
  readonly name: string;
  readonly ids?: TestClock;
  readonly driver?: VaultDriver;
  readonly owner?: Owner;
  /** Of the device; else the key in the vault, or a new one that is kept there. */
  readonly signer?: Signer;
}

export async function openLaptop(options: LaptopOptions): Promise<Laptop> {
  const { folder, name, ids = testClock(), driver, owner } = options;
  const vault = await openTestVault(folder, driver);
  const me = owner ?? (await readMeta(vault.db, 'owner')) ?? newOwner(name, ids);
  const seed = (await readMeta(vault.db, 'deviceSeed')) ?? toBase64Url(newSigningSeed());
  await vault.write(async (tx) => {
    await writeMeta(tx, 'owner', me);
    await writeMeta(tx, 'deviceSeed', seed);
  });
  const signer = options.signer ?? signerFromSeed(Buffer.from(seed, 'base64url'));
  const identity = identityOf({ owner: me, signer });
  const told: CaseId[] = [];
  const workspace: Workspace = {
    vault,
    get owner() {
      return identity.owner;
    },
    author: {
      get device() {
        return identity.owner.deviceId;
      },
      ids,
      crypto: nodeCrypto,
    },
    calendar: localCalendar,
    instruments: catalogue.instruments,
    nowMs: ids.nowMs,
    audit: (tx, entry) => appendAudit(tx, { user: me.userId, crypto: nodeCrypto, nowMs: ids.nowMs }, entry),
    changed: (caseId) => void told.push(caseId),
    edited: (caseId) => void told.push(caseId),
  };
  return {
    get owner() {
      return identity.owner;
    },
    vault,
    workspace,
    handlers: handlersOf(workspace),
    log: localLog(vault, identity),
    identity,
    told,
  };
}

function handlersOf(workspace: Workspace): FeatureHandlers {
  return {
    ...dayHandlers(workspace),
    ...intakeHandlers(workspace),
    ...casesHandlers(workspace, { choosePlace: async () => null }),
    ...assessmentHandlers(workspace),
    ...conflictsHandlers(workspace),
    ...searchHandlers(workspace),
    ...directoryHandlers(workspace),
    ...draftsHandlers(workspace),
    ...clipboardHandlers({ copyText: () => {} }),
  };
}

export function newOwner(name: string, ids: IdSource): Owner {
  return {
    deviceId: newId<DeviceId>(ids),
    deviceLabel: `${name}'s laptop`,
    userId: newId<UserId>(ids),
    userName: name,
    userRole: 'specialist',
    tenantId: newId<TenantId>(ids),
    tenantName: 'Nordwerk',
    serviceKey: toBase64Url(Buffer.alloc(32, 1)),
  };
}

interface ServiceLine {
  readonly device: DeviceId;
  readonly n: number;
  readonly hash: string;
  readonly change: SegmentDraft['changes'][number];
  readonly entry: LogEntry;
}

export interface TestService {
  /** The service's clock; laptops may differ. */
  nowMs: () => number;
  /** Decides which changes are quarantined. */
  refuse: (line: { readonly kind: string; readonly device: DeviceId }) => ErrorCode | undefined;
  push(drafts: readonly SegmentDraft[]): PushAnswer;
  /** What follows after a position, verified as the engine would. */
  page(caseId: CaseId, after: number, limit?: number): VerifiedPage | undefined;
  caseIds(): readonly CaseId[];
}

/** The log of each case as the service keeps it, without network, database and access rules. */
export function testService(): TestService {
  const logs = new Map<
    CaseId,
    { readonly number: string; readonly lines: ServiceLine[]; heads: LogHead[] }
  >();
  const signer = signerFromSeed(newSigningSeed());

  const service: TestService = {
    nowMs: () => Date.UTC(2026, 10, 23, 9),
    refuse: () => undefined,
    push: (drafts) => ({ segments: drafts.map(take) }),
    page(caseId, after, limit = 10_000) {
      const log = logs.get(caseId);
      const lines = log?.lines.slice(after, after + limit) ?? [];
      const cursor = log?.heads[after + lines.length];
      const head = log?.heads.at(-1);
      if (log === undefined || cursor === undefined || head === undefined) return undefined;
      const runs = lines.map((line) => runOf(line));
      const more = after + lines.length < log.lines.length;
      const page: CasePage = {
        case: caseId,
        number: log.number,
        runs,
        head: signHead(caseId, head, signer),
        more,
      };
      return {
        page,
        points: lines.map(({ n, hash }) => [{ n, hash }]),
        changes: lines.map(({ change }) => [readChange(change)]),
        cursor,
      };
    },
    caseIds: () => [...logs.keys()],
  };

  const take = (draft: SegmentDraft): SegmentOutcome => {
    const number = `2026-${String(logs.size + 1).padStart(4, '0')}`;
    const log = logs.get(draft.caseId) ?? { number, lines: [], heads: [emptyLog] };
    logs.set(draft.caseId, log);
    const points = chainChanges(draft, nodeCrypto);
    const changes = draft.changes.map((change, i) => {
      const point = points[i];
      if (point === undefined) throw new Error('a point for each change');
      const known = log.lines.find((line) => line.device === draft.device && line.n === point.n);
      if (known !== undefined)
        return { n: point.n, outcome: 'duplicate' as const, position: known.entry.position };
      const { head } = readChange(change);
      const code = service.refuse({ kind: head.kind, device: draft.device });
      const receivedAtMs = service.nowMs();
      const status = code === undefined ? ('applied' as const) : ('quarantined' as const);
      const effective = effectiveStamp(head.at, receivedAtMs);
      const position = log.lines.length + 1;
      const coded = code === undefined ? {} : { code };
      const entry: LogEntry = { position, status, effective, receivedAtMs, ...coded };
      log.lines.push({ device: draft.device, ...point, change, entry });
      const before = log.heads.at(-1) ?? emptyLog;
      log.heads.push(
        extendLog(before, { changeHash: point.hash, status, effective, receivedAtMs }, nodeCrypto),
      );
      return { n: point.n, outcome: status, position, ...coded };
    });
    const head = signHead(draft.caseId, log.heads.at(-1) ?? emptyLog, signer);
    return { outcome: 'taken', case: draft.caseId, changes, head };
  };
  return service;
}

function runOf({ device, n, hash, change, entry }: ServiceLine): CasePage['runs'][number] {
  const signed = { from: n, to: n, prev: hash, sig: 'A'.repeat(86) };
  return { device, n, changes: [change], entries: [entry], signed };
}

const limits = { maxChanges: 500, maxBytes: 1024 * 1024 };

export async function push({ log }: Laptop, service: TestService): Promise<void> {
  for (;;) {
    const drafts = await log.pendingRuns(limits);
    if (drafts.length === 0) return;
    await log.markPushed(service.push(drafts));
  }
}

export async function pull({ log }: Laptop, service: TestService, pageLimit?: number): Promise<void> {
  for (const caseId of service.caseIds()) {
    for (let more = true; more; ) {
      const cursor = (await log.cursors()).get(caseId);
      const verified = service.page(caseId, cursor?.position ?? 0, pageLimit);
      if (verified !== undefined) await applied(log, verified);
      more = verified?.page.more ?? false;
    }
  }
}

/** Applies one page; throws where it is refused. */
export async function applied(log: LocalLog, verified: VerifiedPage) {
  const [outcome] = await log.applyCasePages([verified]);
  if (outcome?.outcome === 'refused') throw new TmaError(outcome.code);
  return outcome;
}

export async function sync(laptop: Laptop, service: TestService): Promise<void> {
  await push(laptop, service);
  await pull(laptop, service);
}
