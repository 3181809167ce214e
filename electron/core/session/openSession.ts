/** From an open vault to everything that works with it. */
import { signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url } from '../../../shared/bytes.ts';
import type { EventOf } from '../../../shared/contract/events.ts';
import type { Handlers } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { defaultPolicy } from '../../../shared/sync/enrolment.ts';
import { assessmentHandlers } from '../assessment/handlers.ts';
import { type AuditEntry, appendAudit } from '../audit/auditLog.ts';
import { casesHandlers } from '../cases/handlers.ts';
import { warmUp } from '../cases/warmUp.ts';
import { catalogueHandlers } from '../catalogue/catalogue.ts';
import { clipboardHandlers } from '../clipboard/handlers.ts';
import { conflictsHandlers } from '../conflicts/handlers.ts';
import { dayHandlers } from '../day/handlers.ts';
import { dropNotices } from '../device/notices.ts';
import { directoryHandlers } from '../directory/handlers.ts';
import { draftsHandlers } from '../drafts/handlers.ts';
import { type Carrier, createCarrier } from '../evidence/carrier.ts';
import { evidenceHandlers } from '../evidence/handlers.ts';
import { sweepAttachments, takingFilesAlong } from '../evidence/sweep.ts';
import type { Transfers } from '../files/transfers.ts';
import type { TokenKeeper } from '../identity/tokens.ts';
import { intakeHandlers } from '../intake/handlers.ts';
import { leasesHandlers } from '../leases/handlers.ts';
import { createFiller, type Filler } from '../search/filler.ts';
import { searchHandlers } from '../search/handlers.ts';
import { type Identity, identityOf } from '../storage/identity.ts';
import { localLog } from '../storage/localLog.ts';
import type { LocalLog } from '../storage/logPort.ts';
import { readMeta } from '../storage/meta.ts';
import type { VaultTables } from '../storage/tables.ts';
import type { SyncEngine } from '../sync/engine.types.ts';
import { syncHandlers } from '../sync/handlers.ts';
import { pause } from '../sync/waiting.ts';
import { sealedFiles } from '../vault/attachments/sealedFiles.ts';
import { attachmentStore } from '../vault/attachments/store.ts';
import type { OpenVault } from '../vault/types.ts';
import { type Holding, holdCases, takeMark } from './holding.ts';
import { noteProvider, type SignsInAndOut, signingIn, vaultTokens } from './identity.ts';
import { renewLease } from './lease.ts';
import { type Leaving, leaving } from './leaving.ts';
import { type CoreParts, programName, type VaultParts } from './parts.ts';
import { depositedKey } from './share.ts';
import { careForShare } from './shareCare.ts';
import { noteUnsent, type UnsentNote } from './unsent.ts';
import type { Workspace } from './workspace.ts';

/** Between two cases that are read ahead: whoever works has the vault in between. */
const quietMs = 150;

/** The procedures that need an open vault. */
export type VaultHandlers = Omit<Handlers, SessionProcedure>;
export type SessionProcedure = Extract<
  keyof Handlers,
  `session.${string}` | `vault.${string}` | `files.${string}` | 'settings.set'
>;

export interface OpenSession extends SignsInAndOut, Leaving, Holding {
  readonly handlers: VaultHandlers;
  /** Notes what was done to the vault itself. */
  audit(entry: AuditEntry): Promise<void>;
  /** Reaches the service once, whatever the person chose, for a lease that is over; failing is no error. */
  contact(): Promise<void>;
  /** Brings the service's share of the vault's key in line with the policy. @throws TmaError `auth.*`, `service.*`. */
  settleShare(): Promise<void>;
  /** Stops sync, then closes the vault. */
  close(): Promise<void>;
}

export interface SessionEvents {
  /** What is shown of the session may have changed. */
  changed(): void;
  /** The service no longer knows this laptop as one of its own. */
  revoked(): void;
}

export interface SessionParts extends VaultParts {
  /** Files on their way in. */
  readonly transfers: Pick<Transfers, 'take'>;
}

/** @throws TmaError `vault.damaged` when the vault does not know whose it is. */
export async function openSession(
  parts: SessionParts,
  vault: OpenVault<VaultTables>,
  events: SessionEvents,
): Promise<OpenSession> {
  const owner = await readMeta(vault.db, 'owner');
  const seed = fromBase64Url((await readMeta(vault.db, 'deviceSeed')) ?? '');
  const serviceKey = fromBase64Url(owner?.serviceKey ?? '');
  if (owner === undefined || seed?.length !== 32 || serviceKey === undefined) {
    throw new TmaError('vault.damaged', { part: 'owner' });
  }
  const store = attachmentStore(parts.profile.folder);
  const files = sealedFiles(parts.profile.folder);
  const swept = { db: vault.db, store, files };
  await sweepAttachments(swept, parts.profile.folder);
  const unsent = noteUnsent({ device: parts.profile.device, clock: parts.clock });
  const identity = identityOf({ owner, signer: signerFromSeed(seed) });
  seed.fill(0);
  // Before there can be a contact, which sets it anew.
  await takeMark(vault, parts.profile.device);
  const tokens = vaultTokens(parts, vault);
  const reached = (): void => {
    carrier?.wake();
    care.heard();
  };
  const filler = createFiller({ vault, clock: parts.clock });
  filler.wake();
  const care = careForShare({
    ...{ parts, keeper: parts.share, engine: () => engine },
    deviceId: () => identity.owner.deviceId,
    epoch: () => readMeta(vault.db, 'epoch'),
  });
  const log = takingFilesAlong(localLog(vault, identity), swept);
  const opened = { vault, identity, log, serviceKey, unsent, tokens, filler };
  const engine = startEngine(parts, opened, { ...events, reached });
  const carrier: Carrier | undefined = createCarrier({
    ...{ vault, files, service: engine.blobs },
    ...{ crypto: parts.crypto, clock: parts.clock, random: parts.random, emit: parts.deps.emit },
    isHeld: async () => (await engine.get()).heldOffline,
  });
  const holding = holdCases({ vault, device: parts.profile.device, clock: parts.clock, engine });
  const workspace = workspaceOf(parts, { vault, identity, engine });
  await vault.write((tx) => workspace.audit(tx, { action: 'vault.unlocked' }));
  const closing = new AbortController();
  const warmedUp = warmUp(workspace, {
    async moment() {
      await pause(parts.clock, quietMs, closing.signal);
      return !closing.signal.aborted;
    },
  }).catch(() => undefined);
  return {
    handlers: {
      ...featureHandlers(parts, workspace),
      ...evidenceHandlers(workspace, {
        ...{ store, transfers: parts.transfers, choosePlace: parts.deps.choosePlace, carrier },
      }),
      ...syncHandlers(workspace, engine),
      ...leasesHandlers(workspace, { engine, carrier, device: parts.profile.device }),
    },
    audit: (entry) => vault.write((tx) => workspace.audit(tx, entry)),
    ...signingIn(parts, { engine, tokens, changed: events.changed }),
    async contact() {
      const { heldOffline } = await engine.get();
      if (heldOffline) await engine.hold(false);
      await engine.now();
      if (heldOffline) await engine.hold(true);
    },
    settleShare: () => care.settle(),
    ...leaving(parts, { identity, engine, log }),
    ...holding,
    async close() {
      closing.abort();
      await warmedUp;
      await carrier.stop();
      await engine.stop();
      await filler.stop();
      await care.settledDown();
      await tokens.settled();
      unsent.close();
      await holding.keepTime().catch(() => undefined);
      await vault.close();
    },
  };
}

interface Opened {
  readonly vault: OpenVault<VaultTables>;
  readonly identity: Identity;
}

function startEngine(
  parts: CoreParts,
  opened: Opened & {
    readonly log: LocalLog;
    readonly serviceKey: Uint8Array;
    readonly unsent: UnsentNote;
    readonly tokens: TokenKeeper;
    readonly filler: Filler;
  },
  events: SessionEvents & { readonly reached: () => void },
): SyncEngine {
  const { identity, log, serviceKey, unsent, tokens, filler } = opened;
  const { device } = parts.profile;
  const { emit } = parts.deps;
  const engine = parts.createEngine({
    log,
    service: parts.deps.config.service,
    device: {
      get id() {
        return identity.owner.deviceId;
      },
      user: identity.owner.userId,
      signer: identity.signer,
    },
    serviceKey,
    crypto: parts.crypto,
    clock: parts.clock,
    random: parts.random,
    program: programName(parts),
    tokens,
    emit(name, payload) {
      emit(name, payload);
      if (name !== 'sync') return;
      // The event of this very name has this payload.
      const view = payload as EventOf<'sync'>;
      unsent.take(view);
      filler.hold((view.progress?.cases ?? null) !== null);
      if (view.error === 'auth.device-revoked') events.revoked();
    },
    onHello({ emergency, policy = defaultPolicy, identity, serverTimeMs, leases = [] }) {
      device.set('skewMs', parts.clock.nowMs() - serverTimeMs);
      const isNewProvider = noteProvider(device, identity);
      const told = { emergency, policy };
      const known = { emergency: device.get('emergency') ?? [], policy: device.get('policy') };
      if (JSON.stringify(known) !== JSON.stringify(told)) {
        device.transaction(() => {
          device.set('emergency', emergency);
          device.set('policy', policy);
        });
        events.changed();
      } else if (isNewProvider) events.changed();
      const aheadMs = parts.clock.nowMs() - serverTimeMs;
      const checkedOutUntilMs = Math.max(0, ...leases.map(({ untilMs }) => untilMs + aheadMs));
      renewLease(device, parts.clock.nowMs(), checkedOutUntilMs);
    },
    notices: {
      pending: () => device.get('notices') ?? [],
      told: (notices) => dropNotices(device, notices),
    },
    onSuccess(atMs) {
      device.set('lastSyncAtMs', atMs);
      events.reached();
    },
    unlockKey: () => depositedKey(parts.deps.secrets),
    isSetBack: () => device.get('restored') !== undefined,
    onSucceeded() {
      const known = device.get('identity');
      const { deviceId, deviceLabel: label } = identity.owner;
      device.transaction(() => {
        if (known !== undefined) device.set('identity', { ...known, deviceId, label });
        device.clear('restored');
      });
      events.changed();
    },
  });
  engine.start();
  return engine;
}

function workspaceOf(
  parts: CoreParts,
  { vault, identity, engine }: Opened & { readonly engine: SyncEngine },
): Workspace {
  const { crypto, ids, clock, calendar, catalogue, deps } = parts;
  const auditor = { user: identity.owner.userId, crypto, nowMs: clock.nowMs };
  return {
    vault,
    get owner() {
      return identity.owner;
    },
    author: {
      get device() {
        return identity.owner.deviceId;
      },
      ids,
      crypto,
    },
    calendar,
    instruments: catalogue.instruments,
    nowMs: clock.nowMs,
    audit: (tx, entry) => appendAudit(tx, auditor, entry),
    changed: (caseId) => deps.emit('cases', { caseIds: [caseId], origin: 'here' }),
    edited(caseId) {
      deps.emit('cases', { caseIds: [caseId], origin: 'here' });
      engine.wake();
    },
  };
}

function featureHandlers(parts: CoreParts, workspace: Workspace) {
  return {
    ...dayHandlers(workspace),
    ...intakeHandlers(workspace),
    ...casesHandlers(workspace, parts.deps),
    ...assessmentHandlers(workspace),
    ...conflictsHandlers(workspace),
    ...searchHandlers(workspace),
    ...catalogueHandlers(parts.catalogue),
    ...directoryHandlers(workspace),
    ...draftsHandlers(workspace),
    ...clipboardHandlers(parts.deps),
  };
}
