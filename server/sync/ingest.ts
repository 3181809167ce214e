/**
 * Takes in a push: checks each segment, then each case in a transaction of its own, in the order of the ids.
 * What happens to one case does not hold up the others. The demo loader and the simulation come in here too.
 */

import { type ErrorCode, TmaError } from '../../shared/errors.ts';
import type { CaseId } from '../../shared/ids.ts';
import type { Segment } from '../../shared/sync/segment.ts';
import type { SegmentOutcome } from '../../shared/sync/wire.ts';
import { isBusy } from '../db/busy.ts';
import { sqlState } from '../db/connect.ts';
import { Contradiction } from './chain.ts';
import type { Submitter, SyncContext } from './context.ts';
import { ingestCase } from './ingestCase.ts';
import { type PreparedSegment, prepareSegment } from './prepare.ts';
import { quarantineDevice } from './quarantine.ts';

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
  const byCase = new Map<CaseId, { readonly index: number; readonly prepared: PreparedSegment }[]>();
  for (const [index, segment] of segments.entries()) {
    const checked = check(context, submitter, segment);
    if (typeof checked === 'string') refuse([index], checked);
    else byCase.set(segment.case, [...(byCase.get(segment.case) ?? []), { index, prepared: checked }]);
  }
  let isForked = false;
  for (const [caseId, items] of [...byCase].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const indexes = items.map((item) => item.index);
    if (isForked) {
      refuse(indexes, 'change.id-reused');
      continue;
    }
    try {
      const job = { submitter, caseId, segments: items.map((item) => item.prepared) };
      const { outcomes: taken, news } = await ingestCase(context, job);
      for (const [at, index] of indexes.entries()) {
        const outcome = taken[at];
        if (outcome !== undefined) outcomes.set(index, outcome);
      }
      if (news !== undefined) context.notifier.publish(submitter.tenant, news);
    } catch (error) {
      const code = refusalFor(error);
      if (code === 'change.id-reused') {
        isForked = true;
        await quarantineDevice(context, submitter, caseId);
      }
      refuse(indexes, code);
    }
  }
  return segments.map((segment, index) => {
    return outcomes.get(index) ?? { outcome: 'refused', case: segment.case, code: 'service.busy' };
  });
}

function check(context: SyncContext, submitter: Submitter, segment: Segment): PreparedSegment | ErrorCode {
  // A laptop hands in its own changes; nobody writes under another device's name.
  if (segment.device !== submitter.device) return 'access.denied';
  const preparation = prepareSegment(segment, submitter.deviceKey, context.crypto);
  return preparation.outcome === 'ready' ? preparation.prepared : preparation.code;
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
