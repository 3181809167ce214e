/**
 * One case of a push, as one transaction:
 *
 *   lock the case row → look up what is known of the chain (before numbering, or a resend would leave gaps) →
 *   hold the author's grant → decide and merge → number → insert → write the team → move the head → commit
 *
 * Positions are given under the row lock, so the order of commits and the order of positions are the same.
 */
import { TmaError } from '../../shared/errors.ts';
import { type SignedHead, signHead } from '../../shared/sync/log.ts';
import type { PushedChange, SegmentOutcome } from '../../shared/sync/wire.ts';
import { writing } from '../db/scope.ts';
import { admit } from './admission.ts';
import { appendToLog, type News } from './append.ts';
import { type KnownChange, knownChanges } from './caseStore.ts';
import { planSegments, rangeOf, type SegmentPlan } from './chain.ts';
import type { SyncContext } from './context.ts';
import { loadForAdmission } from './loadCase.ts';
import { type CaseJob, openCase } from './openCase.ts';

export interface CaseResult {
  /** One for each segment, in order. */
  readonly outcomes: readonly SegmentOutcome[];
  /** Who has something new to pull; `undefined` when nothing was added. */
  readonly news: News | undefined;
}

/**
 * Throws a `TmaError` when no segment of the case can be taken, `Contradiction` when the device forked its
 * chain, and what the database throws. Nothing is written then.
 */
export function ingestCase(context: SyncContext, job: CaseJob): Promise<CaseResult> {
  const { submitter, caseId, segments } = job;
  const { tenant, user, device } = submitter;
  return writing(context.db, { tenant, user, caseId, nowMs: context.nowMs() }, async (trx) => {
    const opened = await openCase(trx, context, job);
    const place = { tenant, caseId, device };
    const known = opened.isNew ? new Map() : await knownChanges(trx, place, segments.map(rangeOf));
    const plans = planSegments(segments, known);
    const fresh = plans.flatMap((plan) => (plan.outcome === 'taken' ? plan.fresh : []));
    if (fresh.length === 0) {
      const [first] = plans;
      // Undoes the beginning of a case to which nothing was added.
      if (opened.isNew && first?.outcome === 'refused') throw new TmaError(first.code);
      const head = signHead(caseId, opened.head, context.signer);
      return {
        outcomes: plans.map((plan) =>
          outcomeOf(plan, { job, known, added: new Map(), head, number: opened.number }),
        ),
        news: undefined,
      };
    }
    // Read under the lock: what was committed while this waited is not counted as received later than this.
    const nowMs = context.nowMs();
    const start = await loadForAdmission({ trx, submitter, caseId, opened, nowMs }, fresh);
    const result = admit(fresh, start);
    const {
      changes: added,
      head,
      number,
      news,
    } = await appendToLog({
      context,
      trx,
      submitter,
      opened,
      plans,
      start,
      result,
    });
    const told = { job, known, added, head, number };
    return { outcomes: plans.map((plan) => outcomeOf(plan, told)), news };
  });
}

interface Told {
  readonly job: CaseJob;
  readonly known: ReadonlyMap<number, KnownChange>;
  readonly added: ReadonlyMap<number, KnownChange>;
  readonly head: SignedHead;
  readonly number: string | null;
}

function outcomeOf(plan: SegmentPlan, { job, known, added, head, number }: Told): SegmentOutcome {
  if (plan.outcome === 'refused') return { outcome: 'refused', case: job.caseId, code: plan.code };
  const isFresh = new Set(plan.fresh.map((change) => change.point.n));
  const changes = plan.prepared.changes.map(({ point: { n } }): PushedChange => {
    const stored = added.get(n) ?? known.get(n);
    if (stored === undefined) throw new Error('a taken change has no place in the log');
    const outcome = isFresh.has(n) ? stored.status : 'duplicate';
    const { position, code, receivedAtMs } = stored;
    return { n, outcome, position, receivedAtMs, ...(code === null ? {} : { code }) };
  });
  // Whoever may not see the case learns no more about it than what became of their words.
  const isSeen = number !== null && changes.every(({ code }) => code !== 'access.denied');
  return { outcome: 'taken', case: job.caseId, ...(isSeen ? { number } : {}), changes, head };
}
