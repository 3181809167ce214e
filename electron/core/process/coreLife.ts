/** One life of one case process, as its host sees it. */
import type { ErrorShape } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import {
  type BrowserOutcome,
  type CoreConfig,
  type CoreToHost,
  coreToHostSchema,
  type Defect,
  type FilePlace,
  type HostToCore,
  type LockReason,
  type PlaceRequest,
  type SecretStore,
} from './control.ts';
import { closeLimitMs } from './coreDeps.ts';
import { answerSecret } from './secretClient.ts';

/** A started case process. Electron and Node each have their own way to make one. */
export interface CoreChild {
  /** Electron hands a real port over with `port-open`; Node has none to hand. A dead process takes nothing. */
  send(message: HostToCore, transfer?: readonly unknown[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called exactly once. */
  onExit(listener: () => void): void;
  /** Ends the process at once, without its help. */
  kill(): void;
}

export interface CoreLifeDeps {
  readonly child: CoreChild;
  readonly config: CoreConfig;
  readonly secrets: SecretStore;
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly onReady: () => void;
  readonly onEnding: () => void;
  readonly onPortMessage: (port: number, data: unknown) => void;
  readonly onDefect: (defect: Defect) => void;
  /** The vault was opened, or is open no longer, however that came about. */
  readonly onVault: (open: boolean) => void;
  readonly onCopy: (text: string) => void;
  readonly onNews: () => void;
  readonly choosePlace: (request: PlaceRequest) => Promise<FilePlace | null>;
  readonly openInBrowser: (url: string) => Promise<BrowserOutcome>;
  readonly onEnd: (end: CoreEnd) => void;
}

export interface CoreEnd {
  /** Why it locked, or null when it did not. */
  readonly locked: LockReason | null;
  /** Why it could not be built, or null when it could. */
  readonly failed: ErrorShape | null;
}

export interface CoreLife {
  lock(reason: LockReason): void;
  shutdown(): void;
  openCase(caseId: CaseId): void;
  isUnlocked(): boolean;
}

/** For a process that has nothing left to do but to end. */
const lastWordsMs = 300;

export function startCoreLife(deps: CoreLifeDeps): CoreLife {
  const { child } = deps;
  let unlocked = false;
  let locked: LockReason | null = null;
  let failed: ErrorShape | null = null;
  let cancelForce: () => void = () => {};

  const setUnlocked = (next: boolean): void => {
    if (next === unlocked) return;
    unlocked = next;
    deps.onVault(next);
  };
  const endWithin = (limitMs: number): void => {
    cancelForce();
    cancelForce = deps.after(limitMs, () => child.kill());
  };

  const choosePlace = async (id: number, request: PlaceRequest): Promise<void> => {
    const place = unlocked ? await deps.choosePlace(request).catch(() => null) : null;
    child.send({ type: 'file-place', id, place });
  };

  const take = (message: CoreToHost): void => {
    switch (message.type) {
      case 'ready':
        deps.onReady();
        break;
      case 'unlocked':
        setUnlocked(true);
        break;
      case 'locking':
        locked ??= message.reason;
        endWithin(closeLimitMs + lastWordsMs);
        deps.onEnding();
        setUnlocked(false);
        break;
      case 'failed':
        failed = message.error;
        endWithin(lastWordsMs);
        break;
      case 'defect':
        deps.onDefect({ name: message.name, places: message.places });
        break;
      case 'port-message':
        deps.onPortMessage(message.port, message.data);
        break;
      case 'copy':
        // A vault that is being closed gives nothing out any more.
        if (unlocked) deps.onCopy(message.text);
        break;
      case 'news':
        if (unlocked) deps.onNews();
        break;
      case 'file-place-wanted':
        void choosePlace(message.id, { name: message.name, sizeBytes: message.sizeBytes });
        break;
      case 'open-in-browser':
        void openOutside(message);
        break;
      default:
        void answerSecret(deps.secrets, message).then((answer) => child.send(answer));
    }
  };

  const openOutside = async ({ id, url }: { readonly id: number; readonly url: string }): Promise<void> => {
    const outcome = await deps.openInBrowser(url).catch(() => 'refused' as const);
    child.send({ type: 'browser-answer', id, outcome });
  };

  child.onMessage((raw) => {
    const message = coreToHostSchema.safeParse(raw);
    // Only our own program speaks here; a message it never sends means it is no longer itself.
    if (message.success) take(message.data);
    else child.kill();
  });
  child.onExit(() => {
    cancelForce();
    setUnlocked(false);
    deps.onEnd({ locked, failed });
  });
  child.send({ type: 'init', config: deps.config, secretBackend: deps.secrets.backend });

  return {
    lock(reason) {
      if (!unlocked || locked !== null) return;
      // Also when it has to be killed for being slow, this end is a lock and not a crash.
      locked = reason;
      child.send({ type: 'lock', reason });
      endWithin(closeLimitMs + lastWordsMs);
    },
    shutdown() {
      child.send({ type: 'shutdown' });
      endWithin(closeLimitMs + lastWordsMs);
    },
    openCase(caseId) {
      if (unlocked) child.send({ type: 'open-case', caseId });
    },
    isUnlocked: () => unlocked,
  };
}
