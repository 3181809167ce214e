/** From an open vault to everything that works with it. */
import { signerFromSeed } from '../../../platform/crypto.ts';
import { fromBase64Url } from '../../../shared/bytes.ts';
import type { Handlers } from '../../../shared/contract/procedures.ts';
import { TmaError } from '../../../shared/errors.ts';
import { assessmentHandlers } from '../assessment/handlers.ts';
import { appendAudit } from '../audit/auditLog.ts';
import { casesHandlers } from '../cases/handlers.ts';
import { catalogueHandlers } from '../catalogue/catalogue.ts';
import { conflictsHandlers } from '../conflicts/handlers.ts';
import { dayHandlers } from '../day/handlers.ts';
import { directoryHandlers } from '../directory/handlers.ts';
import { draftsHandlers } from '../drafts/handlers.ts';
import { intakeHandlers } from '../intake/handlers.ts';
import { searchHandlers } from '../search/handlers.ts';
import { localLog } from '../storage/localLog.ts';
import { type Owner, readMeta } from '../storage/meta.ts';
import type { VaultTables } from '../storage/tables.ts';
import type { SyncEngine } from '../sync/engine.types.ts';
import type { OpenVault } from '../vault/types.ts';
import { type CoreParts, programName } from './parts.ts';
import type { Workspace } from './workspace.ts';

/** The procedures that need an open vault. */
export type VaultHandlers = Omit<Handlers, SessionProcedure>;
export type SessionProcedure = Extract<keyof Handlers, `session.${string}` | 'settings.set'>;

export interface OpenSession {
  readonly handlers: VaultHandlers;
  /** Stops sync, then closes the vault. */
  close(): Promise<void>;
}

export interface SessionEvents {
  /** What is shown of the session may have changed. */
  changed(): void;
}

/** @throws TmaError `vault.damaged` when the vault does not know whose it is. */
export async function openSession(
  parts: CoreParts,
  vault: OpenVault<VaultTables>,
  events: SessionEvents,
): Promise<OpenSession> {
  const owner = await readMeta(vault.db, 'owner');
  const seed = fromBase64Url((await readMeta(vault.db, 'deviceSeed')) ?? '');
  const serviceKey = fromBase64Url(owner?.serviceKey ?? '');
  if (owner === undefined || seed?.length !== 32 || serviceKey === undefined) {
    throw new TmaError('vault.damaged', { part: 'owner' });
  }
  const engine = startEngine(parts, { vault, owner, seed, serviceKey }, events);
  const workspace = workspaceOf(parts, { vault, owner, engine });
  await vault.write((tx) => workspace.audit(tx, { action: 'vault.unlocked' }));
  return {
    handlers: { ...featureHandlers(parts, workspace), ...syncHandlers(engine) },
    async close() {
      await engine.stop();
      await vault.close();
    },
  };
}

interface Opened {
  readonly vault: OpenVault<VaultTables>;
  readonly owner: Owner;
}

function startEngine(
  parts: CoreParts,
  opened: Opened & { readonly seed: Uint8Array; readonly serviceKey: Uint8Array },
  events: SessionEvents,
): SyncEngine {
  const { vault, owner, seed, serviceKey } = opened;
  const { device } = parts.profile;
  const engine = parts.createEngine({
    log: localLog(vault, owner.deviceId),
    service: parts.deps.config.service,
    device: { id: owner.deviceId, user: owner.userId, signer: signerFromSeed(seed) },
    serviceKey,
    crypto: parts.crypto,
    clock: parts.clock,
    random: parts.random,
    program: programName(parts),
    emit: parts.deps.emit,
    onHello({ emergency }) {
      if (JSON.stringify(device.get('emergency') ?? []) === JSON.stringify(emergency)) return;
      device.set('emergency', emergency);
      events.changed();
    },
    onSuccess: (atMs) => device.set('lastSyncAtMs', atMs),
  });
  seed.fill(0);
  engine.start();
  return engine;
}

function workspaceOf(
  parts: CoreParts,
  { vault, owner, engine }: Opened & { readonly engine: SyncEngine },
): Workspace {
  const { crypto, ids, clock, calendar, catalogue, deps } = parts;
  const auditor = { user: owner.userId, crypto, nowMs: clock.nowMs };
  return {
    vault,
    owner,
    author: { device: owner.deviceId, ids, crypto },
    calendar,
    instruments: catalogue.instruments,
    nowMs: clock.nowMs,
    audit: (tx, entry) => appendAudit(tx, auditor, entry),
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
    ...casesHandlers(workspace),
    ...assessmentHandlers(workspace),
    ...conflictsHandlers(workspace),
    ...searchHandlers(workspace),
    ...catalogueHandlers(parts.catalogue),
    ...directoryHandlers(workspace),
    ...draftsHandlers(workspace),
  };
}

function syncHandlers(engine: SyncEngine): Pick<Handlers, 'sync.get' | 'sync.now' | 'sync.hold'> {
  return {
    'sync.get': () => engine.get(),
    'sync.now': () => engine.now(),
    'sync.hold': ({ offline }) => engine.hold(offline),
  };
}
