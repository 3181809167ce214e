/**
 * Hands in what this laptop holds: signed by segment, in requests of bounded size, until nothing is left. A few requests
 * are under way at a time, each with other cases, so that the changes of a case arrive in their order: while one is on its
 * way the next is prepared and the answer to the last is written down. What an answer says is recorded as a whole or not
 * at all, and what was not recorded is sent again, so it does not matter where it ends.
 */
import { type ErrorCode, errorCatalogue, TmaError } from '../../../shared/errors.ts';
import type { Gather, Turn } from '../../../shared/gather.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { Signer, SyncCrypto } from '../../../shared/sync/crypto.ts';
import { isHeadSigned } from '../../../shared/sync/log.ts';
import { type SegmentDraft, signChained } from '../../../shared/sync/segment.ts';
import {
  maxPushBytes,
  maxPushChanges,
  type PushAnswer,
  type SegmentOutcome,
} from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { LocalLog, RunLimits } from '../storage/logPort.ts';
import { type SettledRun, settledRun } from './settled.ts';

export interface PusherDeps {
  readonly log: LocalLog;
  readonly service: ServiceClient;
  readonly signer: Signer;
  /** Verifies the heads that the service answers with; they are kept as evidence. */
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
  readonly gather: Gather;
  /** How much goes into one request; all that the service takes, where nothing is said. */
  readonly limits?: RunLimits;
  /** Told after each request how many changes it carried and whose cases look different now. */
  readonly onPushed: (pushed: {
    readonly changes: number;
    readonly touched: readonly CaseId[];
  }) => Promise<void>;
}

export interface Pusher {
  /**
   * Pushes everything that is pending.
   * @throws TmaError what the service or the way there failed with; what was taken until then stays taken.
   */
  pushAll(epoch: string, signal: AbortSignal): Promise<void>;
}

interface Sent {
  readonly changes: number;
  readonly settled: readonly SettledRun[];
}

/** Requests under way. */
export const mostPushesAtOnce = 3;

/** So many are looked at to say whose turn it is: looking costs as much for one push as for twenty. */
const lookAheadChanges = 20 * maxPushChanges;

const fullLimits: RunLimits = { maxChanges: maxPushChanges, maxBytes: maxPushBytes };

export function createPusher(deps: PusherDeps): Pusher {
  const { log, service, signer, crypto } = deps;

  const send = async (drafts: readonly SegmentDraft[], epoch: string, signal: AbortSignal) => {
    const signed = drafts.map((draft) => signChained(draft, signer, crypto));
    const answer = await service.push({ epoch, segments: signed.map(({ segment }) => segment) }, signal);
    const isSigned = (outcome: SegmentOutcome) =>
      outcome.outcome === 'refused' || isHeadSigned(outcome.head, deps.serviceKey, crypto);
    if (!answersAll(drafts, answer) || !answer.segments.every(isSigned)) {
      throw new TmaError('service.answer-invalid');
    }
    const cursors = await log.cursors(drafts.map(({ caseId }) => caseId));
    const settled = answer.segments.flatMap((outcome, i): readonly SettledRun[] => {
      const sent = signed[i];
      const run = sent && settledRun({ ...sent, outcome, here: cursors.get(outcome.case) }, crypto);
      return run === undefined ? [] : [run];
    });
    return { ...answer, settled };
  };

  const record = async (outcomes: readonly SegmentOutcome[], { changes, settled }: Sent): Promise<void> => {
    const { touched } = await log.markPushed({ segments: [...outcomes] }, settled);
    await deps.onPushed({ changes, touched });
  };

  /** The service lacks earlier changes of ours in this case, so it gets the whole run; what it has it skips. */
  const resend = async (caseId: CaseId, epoch: string, signal: AbortSignal): Promise<void> => {
    for (let from = 1; ; ) {
      const draft = await log.ownRun(caseId, from, fullLimits);
      if (draft === undefined) return;
      const { segments, settled } = await send([draft], epoch, signal);
      const [outcome] = segments;
      if (outcome === undefined) return;
      if (outcome.outcome === 'refused') return record([asFinal(outcome)], { changes: 0, settled });
      await record([outcome], { changes: 0, settled });
      from += draft.changes.length;
    }
  };

  const pushOnce = async (
    drafts: readonly SegmentDraft[],
    epoch: string,
    signal: AbortSignal,
  ): Promise<void> => {
    const { segments, settled } = await send(drafts, epoch, signal);
    const gaps = segments.filter((outcome) => codeOf(outcome) === 'change.gap');
    const others = segments.filter((outcome) => !gaps.includes(outcome));
    await record(others, { changes: countChanges(drafts), settled });
    for (const gap of gaps) await resend(gap.case, epoch, signal);
    assertMovesOn(segments);
  };

  return {
    async pushAll(epoch, signal) {
      const next = createTaking(log);
      let isOver = false;
      const lane = async (turn: Turn): Promise<void> => {
        let limits = deps.limits ?? fullLimits;
        while (!signal.aborted && !isOver) {
          const { drafts, giveBack } = await next(limits);
          if (drafts.length === 0) return;
          try {
            await turn();
            await pushOnce(drafts, epoch, signal);
          } catch (thrown) {
            const smaller = halved(limits, drafts);
            isOver ||= !isTooLarge(thrown) || smaller === undefined;
            if (smaller === undefined || isOver) throw thrown;
            limits = smaller;
          } finally {
            giveBack();
          }
        }
      };
      await deps.gather(Array.from({ length: mostPushesAtOnce }, () => lane));
    },
  };
}

interface Taken {
  readonly drafts: readonly SegmentDraft[];
  /** Their cases may be taken again. */
  readonly giveBack: () => void;
}

/** Takes what waits in cases that nobody has taken, the oldest first, one asker after the other. */
function createTaking(
  log: Pick<LocalLog, 'casesWaiting' | 'pendingRuns'>,
): (limits: RunLimits) => Promise<Taken> {
  const taken = new Set<CaseId>();
  let queue: readonly CaseId[] = [];
  let before: Promise<unknown> = Promise.resolve();
  const takeFromQueue = async (limits: RunLimits): Promise<Taken> => {
    const drafts = await log.pendingRuns(limits, queue);
    const cases = drafts.map(({ caseId }) => caseId);
    // Of the last one there may be more, which is found again when the queue is made anew.
    const last = cases.at(-1);
    queue = last === undefined ? [] : queue.slice(queue.indexOf(last) + 1);
    for (const caseId of cases) taken.add(caseId);
    const giveBack = () => {
      for (const caseId of cases) taken.delete(caseId);
    };
    return { drafts, giveBack };
  };
  const take = async (limits: RunLimits): Promise<Taken> => {
    if (queue.length > 0) {
      const found = await takeFromQueue(limits);
      if (found.drafts.length > 0) return found;
    }
    queue = (await log.casesWaiting(lookAheadChanges)).filter((caseId) => !taken.has(caseId));
    return takeFromQueue(limits);
  };
  return (limits) => {
    const now = before.then(() => take(limits));
    before = now.catch(() => undefined);
    return now;
  };
}

/** Half of what was just sent; `undefined` where that was a single change, which cannot be made smaller. */
export function halved(limits: RunLimits, drafts: readonly SegmentDraft[]): RunLimits | undefined {
  const count = countChanges(drafts);
  if (count <= 1) return undefined;
  return { maxChanges: Math.max(1, Math.floor(count / 2)), maxBytes: Math.floor(limits.maxBytes / 2) };
}

/** Where nothing was taken and nothing was set aside, the same request would be sent for ever. */
export function assertMovesOn(outcomes: readonly SegmentOutcome[]): void {
  const codes = outcomes.map(codeOf);
  const [first] = codes;
  const isStuck = (code: ErrorCode | undefined) =>
    code !== undefined && code !== 'change.gap' && errorCatalogue[code].retryable;
  if (first !== undefined && codes.every(isStuck)) throw new TmaError(first);
}

/** One outcome per segment, in order, each naming every change of it that was taken. */
export function answersAll(drafts: readonly SegmentDraft[], { segments }: PushAnswer): boolean {
  return (
    segments.length === drafts.length &&
    drafts.every((draft, i) => {
      const outcome = segments[i];
      if (outcome?.case !== draft.caseId) return false;
      if (outcome.outcome === 'refused') return true;
      if (outcome.head.case !== draft.caseId) return false;
      const wanted = draft.changes.map((_change, index) => draft.prev.n + 1 + index);
      return (
        outcome.changes.length === wanted.length && wanted.every((n, at) => outcome.changes[at]?.n === n)
      );
    })
  );
}

/** A gap before a chain's first change is none: the chain does not fit, and waiting will not mend it. */
function asFinal(outcome: Extract<SegmentOutcome, { outcome: 'refused' }>): SegmentOutcome {
  return outcome.code === 'change.gap' ? { ...outcome, code: 'change.chain-broken' } : outcome;
}

function codeOf(outcome: SegmentOutcome): ErrorCode | undefined {
  return outcome.outcome === 'refused' ? outcome.code : undefined;
}

function countChanges(drafts: readonly SegmentDraft[]): number {
  return drafts.reduce((count, draft) => count + draft.changes.length, 0);
}

function isTooLarge(thrown: unknown): boolean {
  return thrown instanceof TmaError && thrown.code === 'input.too-large';
}
