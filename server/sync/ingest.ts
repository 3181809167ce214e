/**
 * Takes in a push: checks each segment, then each case in a transaction of its own, a few of them side by side.
 * What happens to one case does not hold up the others. The demo loader and the simulation come in here too.
 */

import { type ErrorCode, TmaError } from '../../shared/errors.ts';
import type { CaseId } from '../../shared/ids.ts';
import { isWithheld } from '../../shared/sync/change.ts';
import type { Segment } from '../../shared/sync/segment.ts';
import type { SegmentOutcome } from '../../shared/sync/wire.ts';
import { isBusy } from '../db/busy.ts';
import { sqlState } from '../db/connect.ts';
import { authorsOf } from './authors.ts';
import { Contradiction } from './chain.ts';
import type { Submitter, SyncContext } from './context.ts';
import { ingestCase } from './ingestCase.ts';
import { type PreparedSegment, prepareSegment } from './prepare.ts';
import { quarantineDevice } from './quarantine.ts';

/** Of one push; a task has connections for several. */
export const mostCasesAtOnce = 3;

/** One outcome for each segment, in order. Throws only what makes the whole push fail, like a lost database. */
export async function ingestSegments(
  context: SyncContext,
  submitter: Submitter,
  segments: readonly Segment[],
): Promise<readonly SegmentOutcome[]> {
  const outcomes = new Map<number, SegmentOutcome>();
  const refuse = (indexes: readonly number[], code: ErrorCode) => {
    for (const index of indexes) {
      const segment = segments[index];
      if (segment !== undefined) outcomes.set(index, { outcome: 'refused', case: segment.case, code });
    }
  };
  const authors = await authorsOf(context, submitter, segments);
  const checked: Item[] = [];
  for (const [index, segment] of segments.entries()) {
    const item = check(context, authors.get(segment.device), segment);
    if (typeof item === 'string') refuse([index], item);
    // Only its author may keep the content back: others could make it lost.
    else if (item.author !== submitter && segment.changes.some(isWithheld))
      refuse([index], 'change.withheld');
    else checked.push({ ...item, index });
  }
  let isForked = false;
  const takeIn = async (items: Items): Promise<void> => {
    const indexes = items.map((item) => item.index);
    const [{ author }] = items;
    const isOwn = author === submitter;
    const caseId = items[0].prepared.segment.case;
    if (isForked && isOwn) return refuse(indexes, 'change.id-reused');
    try {
      const job = { submitter: author, caseId, segments: items.map((item) => item.prepared) };
      const { outcomes: taken, news } = await ingestCase(context, job);
      for (const [at, index] of indexes.entries()) {
        const outcome = taken[at];
        if (outcome !== undefined) outcomes.set(index, outcome);
      }
      if (news !== undefined) context.notifier.publish(submitter.tenant, news);
    } catch (error) {
      const code = refusalFor(error);
      // Who carries what somebody else wrote apart has not done so.
      if (code === 'change.id-reused' && isOwn && !isForked) {
        isForked = true;
        await quarantineDevice(context, submitter, caseId);
      }
      refuse(indexes, code);
    }
  };
  await context.gather(
    casesOf(checked).map((jobs) => async () => {
      for (const items of jobs) await takeIn(items);
    }),
  );
  return segments.map((segment, index) => {
    return outcomes.get(index) ?? { outcome: 'refused', case: segment.case, code: 'service.busy' };
  });
}

interface Checked {
  readonly author: Submitter;
  readonly prepared: PreparedSegment;
}

interface Item extends Checked {
  /** Its place in the push. */
  readonly index: number;
}

type Items = readonly [Item, ...Item[]];

/** By case, in the order of the ids; within a case in the order of the push, what one device wrote in a row together. */
function casesOf(items: readonly Item[]): readonly (readonly Items[])[] {
  const cases = Map.groupBy(items, (item) => item.prepared.segment.case);
  return [...cases].sort(([a], [b]) => order(a, b)).map(([, own]) => jobsOf(own));
}

function jobsOf(items: readonly Item[]): readonly Items[] {
  const jobs: [Item, ...Item[]][] = [];
  for (const item of items) {
    const last = jobs.at(-1);
    if (last?.[0].author === item.author) last.push(item);
    else jobs.push([item]);
  }
  return jobs;
}

function order(a: CaseId, b: CaseId): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function check(context: SyncContext, author: Submitter | undefined, segment: Segment): Checked | ErrorCode {
  if (author === undefined) return 'auth.device-unknown';
  const preparation = prepareSegment(segment, author.deviceKey, context.crypto);
  return preparation.outcome === 'ready' ? { author, prepared: preparation.prepared } : preparation.code;
}

const uniqueViolation = '23505';

/** The code for the segments of one case; throws on what is not about this case. */
function refusalFor(error: unknown): ErrorCode {
  if (error instanceof Contradiction) return 'change.id-reused';
  if (error instanceof TmaError) return error.code;
  if (sqlState(error) === uniqueViolation && isIdConstraint(error)) return 'change.id-reused';
  if (isBusy(error)) return 'service.busy';
  throw error;
}

function isIdConstraint(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'changes_id';
}
