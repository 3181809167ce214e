/**
 * Keeps one case process running for a host, Electron or not.
 *
 * A process that said `locking` ended on purpose: a fresh, locked one starts at once. Any other end is a
 * crash: a new one starts with growing delays, is told so, and tells the person in its `session` event. What a
 * renderer sent and got no answer to is answered by whoever holds its port (`relay.ts`, the preload script),
 * because only they know the calls under way; the supervisor tells them when a process comes and goes.
 */
import { type ErrorShape, TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { restartDelayMs, stableAfterMs } from './backOff.ts';
import type {
  BrowserOutcome,
  CoreConfig,
  Defect,
  FilePlace,
  LockReason,
  PlaceRequest,
  SecretStore,
} from './control.ts';
import { type CoreChild, type CoreEnd, type CoreLife, startCoreLife } from './coreLife.ts';

export interface SupervisorDeps {
  readonly spawn: () => CoreChild;
  readonly config: Omit<CoreConfig, 'startReason' | 'lockReason'>;
  readonly secrets: SecretStore;
  readonly clock: { nowMs(): number; after(delayMs: number, run: () => void): () => void };
  /** Asks the person where a file goes. A host without it lets no file out. */
  readonly choosePlace?: (request: PlaceRequest) => Promise<FilePlace | null>;
  /** Told what to write to the log. */
  readonly onDefect: (defect: Defect) => void;
  /** S02; left out: the person opens the page of a sign-in from the screen, as in a host that is a browser itself. */
  readonly openInBrowser?: (url: string) => Promise<BrowserOutcome>;
}

/** What those who hold renderers' ports are told. */
export interface CoreListener {
  /** A process is ready; hand it every open port. */
  coreReady(child: CoreChild): void;
  /** It is about to lock: it still answers what it has, and must get nothing new. */
  coreEnding(): void;
  /** It is gone, and with it every call under way; `failed` says why it could not be built, if so. */
  coreGone(failed: ErrorShape | null): void;
  /** A message of a data port that travels inside the control channel. */
  portMessage?(port: number, data: unknown): void;
  /** Case data is reachable from now on, or no longer: at a lock, and when the process crashed. */
  vault?(open: boolean): void;
  /** E14: text for the clipboard. */
  copy?(text: string): void;
  /** E13: something came from colleagues. */
  news?(): void;
}

export interface Supervisor {
  /** Resolves when the first process is ready; rejects with the core's code if it could not be built. */
  start(): Promise<void>;
  /** Locks the vault if it is open; the process ends even if it does not answer. */
  lock(reason: LockReason): void;
  /** Ends the process in good order, or by force after the limit; resolves when it is gone. */
  stop(): Promise<void>;
  listen(listener: CoreListener): void;
  /** E16: shows a case, if the vault is open. */
  openCase(caseId: CaseId): void;
  isUnlocked(): boolean;
}

type Why = Pick<CoreConfig, 'startReason' | 'lockReason'>;

export function createSupervisor(deps: SupervisorDeps): Supervisor {
  const listeners: CoreListener[] = [];
  const first = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  // Whoever called start() gets the rejection; stop() before a first start must not raise it elsewhere.
  first.promise.catch(() => {});
  let life: CoreLife | null = null;
  let cancelRestart: () => void = () => {};
  let crashes = 0;
  let stopping = false;

  const launch = (why: Why): void => {
    const startedAtMs = deps.clock.nowMs();
    const child = deps.spawn();
    life = startCoreLife({
      child,
      config: { ...deps.config, ...why },
      secrets: deps.secrets,
      after: deps.clock.after,
      onDefect: deps.onDefect,
      choosePlace: deps.choosePlace ?? (async () => null),
      onReady() {
        first.resolve();
        for (const listener of listeners) listener.coreReady(child);
      },
      onEnding() {
        for (const listener of listeners) listener.coreEnding();
      },
      onPortMessage(port, data) {
        for (const listener of listeners) listener.portMessage?.(port, data);
      },
      onVault(open) {
        for (const listener of listeners) listener.vault?.(open);
      },
      onCopy(text) {
        for (const listener of listeners) listener.copy?.(text);
      },
      onNews() {
        for (const listener of listeners) listener.news?.();
      },
      openInBrowser: deps.openInBrowser ?? (async () => 'shown'),
      onEnd(end) {
        life = null;
        for (const listener of listeners) listener.coreGone(end.failed);
        if (stopping) gone.resolve();
        else next(end, deps.clock.nowMs() - startedAtMs);
      },
    });
  };

  const next = (end: CoreEnd, livedMs: number): void => {
    if (end.failed !== null) first.reject(new TmaError(end.failed.code, end.failed.params));
    if (end.locked !== null) {
      crashes = 0;
      launch({ startReason: 'locked', lockReason: end.locked });
      return;
    }
    crashes = livedMs >= stableAfterMs ? 1 : crashes + 1;
    const restart = () => launch({ startReason: 'crashed', lockReason: null });
    cancelRestart = deps.clock.after(restartDelayMs(crashes), restart);
  };

  return {
    start() {
      launch({ startReason: 'start', lockReason: null });
      return first.promise;
    },
    lock: (reason) => life?.lock(reason),
    async stop() {
      stopping = true;
      cancelRestart();
      first.reject(new TmaError('host.core-stopped'));
      if (life === null) gone.resolve();
      else life.shutdown();
      await gone.promise;
    },
    listen: (listener) => void listeners.push(listener),
    openCase: (caseId) => life?.openCase(caseId),
    isUnlocked: () => life?.isUnlocked() ?? false,
  };
}
