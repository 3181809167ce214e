/** What a person is told about sync: kept between two starts, told again whenever it changes. */
import type { Emit } from '../../../shared/contract/events.ts';
import type { SyncProgress, SyncView } from '../../../shared/contract/syncViews.ts';
import type { ErrorCode, TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { toleranceMs } from '../../../shared/sync/clock.ts';
import type { HelloAnswer } from '../../../shared/sync/wire.ts';
import type { LocalLog } from '../storage/logPort.ts';
import type { SetAsideNote } from '../storage/meta.ts';

export interface StatusDeps {
  readonly log: LocalLog;
  readonly clock: { nowMs(): number };
  readonly emit: Emit;
  readonly onSuccess: (atMs: number) => void;
  /** Cases that are set aside now, and why. */
  readonly setAside: () => ReadonlyMap<CaseId, ErrorCode>;
  /** Why something that is to be handed in is not taken, where it is not. */
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
  /** So many changes more have gone or come; `cases` where many come at once. */
  moved(phase: SyncProgress['phase'], changes: number, cases?: SyncProgress['cases']): Promise<void>;
  /** Compares the clocks; the time on the way counts half. */
  compareClocks(answer: HelloAnswer, asked: { readonly atMs: number; readonly answeredAtMs: number }): void;
}

type Phase = 'resting' | 'working' | 'failed';

/** A service that restarts, a proxy that finds nobody behind it: over by itself, and nothing a person could mend. */
const passing: ReadonlySet<ErrorCode> = new Set(['service.error', 'service.busy', 'service.answer-invalid']);
/** What lasts longer than this is told as something that needs a person after all. */
const calmForMs = 600_000;

export function createStatus(deps: StatusDeps): Status {
  const { log, clock } = deps;
  let phase: Phase = 'resting';
  let error: ErrorCode | null = null;
  let failingSinceMs: number | null = null;
  let nextTryAtMs: number | null = null;
  let skewMs: number | null = null;
  let progress: SyncProgress | null = null;
  let told = '';

  const get = async (): Promise<SyncView> => {
    const { unsent, oldestUnsentAtMs, refused, refusedToRead } = await log.state();
    const heldOffline = (await log.get('heldOffline')) ?? false;
    const lastSuccessAtMs = (await log.get('lastSuccessAtMs')) ?? null;
    const setAside = await readSetAside();
    const shownError = heldOffline ? null : (error ?? setAside[0]?.code ?? deps.problem());
    return {
      state: stateOf({
        phase,
        error: shownError,
        isOfExchange: error !== null,
        heldOffline,
        hasSucceeded: lastSuccessAtMs !== null,
        failingForMs: failingSinceMs === null ? 0 : clock.nowMs() - failingSinceMs,
      }),
      heldOffline,
      unsent,
      oldestUnsentAt: instant(oldestUnsentAtMs),
      refused,
      refusedToRead,
      setAside: setAside.length,
      offlineSince: instant((await log.get('offlineSinceMs')) ?? null),
      lastSuccessAt: instant(lastSuccessAtMs),
      nextTryAt: instant(nextTryAtMs),
      error: shownError,
      skewMs,
      restored: await log.restored(),
      progress: phase === 'working' && !heldOffline ? progress : null,
    };
  };

  const readSetAside = async (): Promise<readonly SetAsideNote[]> => (await log.get('setAside')) ?? [];

  /** Keeps since when a case is set aside, and until when everything in it fitted. */
  const noteSetAside = async (keepsOthers: boolean): Promise<void> => {
    const before = await readSetAside();
    const now = deps.setAside();
    const kept = before.filter((note) => keepsOthers || now.has(note.case));
    const known = new Set(kept.map((note) => note.case));
    const goodUntilMs = (await log.get('lastSuccessAtMs')) ?? null;
    const added = [...now]
      .filter(([caseId]) => !known.has(caseId))
      .map(([caseId, code]) => ({ case: caseId, code, sinceMs: clock.nowMs(), goodUntilMs }));
    if (added.length > 0 || kept.length < before.length) await log.set('setAside', [...kept, ...added]);
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
      const isSending = unsent > 0;
      progress = {
        phase: isSending ? 'sending' : 'fetching',
        done: 0,
        total: isSending ? unsent : null,
        cases: null,
      };
      await tell();
    },
    async succeeded() {
      phase = 'resting';
      error = null;
      failingSinceMs = null;
      nextTryAtMs = null;
      progress = null;
      await noteSetAside(false);
      const atMs = clock.nowMs();
      await log.set('lastSuccessAtMs', atMs);
      if (((await log.get('offlineSinceMs')) ?? null) !== null) await log.set('offlineSinceMs', null);
      if (((await log.get('lastError')) ?? null) !== null) await log.set('lastError', null);
      deps.onSuccess(atMs);
      await tell();
    },
    async failed(thrown, nextMs) {
      phase = 'failed';
      failingSinceMs ??= clock.nowMs();
      error = thrown.code;
      nextTryAtMs = nextMs;
      progress = null;
      if (thrown.code === 'service.unreachable' || passing.has(thrown.code)) await goneSince();
      // A round that ended early has not given every case its chance.
      await noteSetAside(true);
      await log.set('lastError', thrown.code);
      await tell();
    },
    async held(offline) {
      phase = 'resting';
      error = null;
      failingSinceMs = null;
      nextTryAtMs = null;
      progress = null;
      await log.set('heldOffline', offline);
      if (offline) await goneSince();
      await tell();
    },
    isHeld: async () => (await log.get('heldOffline')) ?? false,
    async moved(movedIn, changes, cases = progress?.cases ?? null) {
      if (progress !== null) progress = { ...moveOn(progress, movedIn, changes), cases };
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
  /** Else it is about a case, or a packet, and does not pass with the disturbance. */
  readonly isOfExchange: boolean;
  readonly heldOffline: boolean;
  readonly hasSucceeded: boolean;
  /** Since the last exchange that went through. */
  readonly failingForMs: number;
}

export function stateOf(situation: Situation): SyncView['state'] {
  const { phase, error, heldOffline, hasSucceeded } = situation;
  if (heldOffline) return 'offline';
  if (phase === 'working') return 'syncing';
  if (error === 'service.unreachable') return 'offline';
  const mayPass = error !== null && situation.isOfExchange && passing.has(error);
  if (mayPass && situation.failingForMs < calmForMs) return 'offline';
  if (error !== null) return 'error';
  return hasSucceeded ? 'idle' : 'never';
}

function moveOn(before: SyncProgress, phase: SyncProgress['phase'], changes: number): SyncProgress {
  if (phase !== before.phase) return { phase, done: changes, total: null, cases: before.cases };
  const done = before.done + changes;
  // What was written while it was being sent is more than was counted at the beginning.
  const total = before.total !== null && done <= before.total ? before.total : null;
  return { ...before, done, total };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
