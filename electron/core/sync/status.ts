/** What a person is told about sync: kept between two starts, told again whenever it changes. */
import type { Emit } from '../../../shared/contract/events.ts';
import type { SyncView } from '../../../shared/contract/views.ts';
import type { ErrorCode, TmaError } from '../../../shared/errors.ts';
import { toleranceMs } from '../../../shared/sync/clock.ts';
import type { HelloAnswer } from '../../../shared/sync/wire.ts';
import type { LocalLog } from '../storage/logPort.ts';

export interface StatusDeps {
  readonly log: LocalLog;
  readonly clock: { nowMs(): number };
  readonly emit: Emit;
  readonly onSuccess: (atMs: number) => void;
  /** Why a case is set aside, where one is. */
  readonly problem: () => ErrorCode | null;
}

export interface Status {
  get(): Promise<SyncView>;
  /** Tells the screens, where anything is other than what they were told last. */
  tell(): Promise<void>;
  /** A round begins. */
  began(): Promise<void>;
  /** Everything here is there and everything there is here. */
  succeeded(): Promise<void>;
  failed(error: TmaError, nextTryAtMs: number): Promise<void>;
  /** Nothing is sent or fetched, because the person wants it so. */
  held(offline: boolean): Promise<void>;
  isHeld(): Promise<boolean>;
  moved(changes: number): Promise<void>;
  /** Compares the clocks; the time on the way counts half. */
  compareClocks(answer: HelloAnswer, asked: { readonly atMs: number; readonly answeredAtMs: number }): void;
}

type Phase = 'resting' | 'working' | 'failed';

export function createStatus(deps: StatusDeps): Status {
  const { log, clock } = deps;
  let phase: Phase = 'resting';
  let error: ErrorCode | null = null;
  let nextTryAtMs: number | null = null;
  let skewMs: number | null = null;
  let progress: { done: number; total: number | null } | null = null;
  let told = '';

  const get = async (): Promise<SyncView> => {
    const { unsent, oldestUnsentAtMs, refused } = await log.state();
    const heldOffline = (await log.get('heldOffline')) ?? false;
    const lastSuccessAtMs = (await log.get('lastSuccessAtMs')) ?? null;
    const shownError = heldOffline ? null : (error ?? deps.problem());
    return {
      state: stateOf({ phase, error: shownError, heldOffline, hasSucceeded: lastSuccessAtMs !== null }),
      heldOffline,
      unsent,
      oldestUnsentAt: instant(oldestUnsentAtMs),
      refused,
      offlineSince: instant((await log.get('offlineSinceMs')) ?? null),
      lastSuccessAt: instant(lastSuccessAtMs),
      nextTryAt: instant(nextTryAtMs),
      error: shownError,
      skewMs,
      progress: phase === 'working' && !heldOffline ? progress : null,
    };
  };

  const tell = async (): Promise<void> => {
    const view = await get();
    const text = JSON.stringify(view);
    if (text === told) return;
    told = text;
    deps.emit('sync', view);
  };

  const goneSince = async (): Promise<void> => {
    if (((await log.get('offlineSinceMs')) ?? null) === null) await log.set('offlineSinceMs', clock.nowMs());
  };

  return {
    get,
    tell,
    async began() {
      phase = 'working';
      nextTryAtMs = null;
      const { unsent } = await log.state();
      progress = { done: 0, total: unsent > 0 ? unsent : null };
      await tell();
    },
    async succeeded() {
      phase = 'resting';
      error = null;
      nextTryAtMs = null;
      progress = null;
      const atMs = clock.nowMs();
      await log.set('lastSuccessAtMs', atMs);
      if (((await log.get('offlineSinceMs')) ?? null) !== null) await log.set('offlineSinceMs', null);
      if (((await log.get('lastError')) ?? null) !== null) await log.set('lastError', null);
      deps.onSuccess(atMs);
      await tell();
    },
    async failed(thrown, nextMs) {
      phase = 'failed';
      error = thrown.code;
      nextTryAtMs = nextMs;
      progress = null;
      if (thrown.code === 'service.unreachable') await goneSince();
      await log.set('lastError', thrown.code);
      await tell();
    },
    async held(offline) {
      phase = 'resting';
      error = null;
      nextTryAtMs = null;
      progress = null;
      await log.set('heldOffline', offline);
      if (offline) await goneSince();
      await tell();
    },
    isHeld: async () => (await log.get('heldOffline')) ?? false,
    async moved(changes) {
      if (progress !== null) {
        const done = progress.done + changes;
        // What came while it was being sent, and what others wrote, is more than was counted at the beginning.
        progress = { done, total: progress.total !== null && done <= progress.total ? progress.total : null };
      }
      await tell();
    },
    compareClocks(answer, { atMs, answeredAtMs }) {
      const off = Math.round((atMs + answeredAtMs) / 2 - answer.serverTimeMs);
      skewMs = Math.abs(off) > toleranceMs ? off : null;
    },
  };
}

interface Situation {
  readonly phase: Phase;
  readonly error: ErrorCode | null;
  readonly heldOffline: boolean;
  readonly hasSucceeded: boolean;
}

export function stateOf({ phase, error, heldOffline, hasSucceeded }: Situation): SyncView['state'] {
  if (heldOffline) return 'offline';
  if (phase === 'working') return 'syncing';
  if (error === 'service.unreachable') return 'offline';
  if (error !== null) return 'error';
  return hasSucceeded ? 'idle' : 'never';
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
