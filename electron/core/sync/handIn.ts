/** Brings back what a restored service lost and this laptop holds, before anything that was written since. */
import { TmaError } from '../../../shared/errors.ts';
import { isHeadSigned } from '../../../shared/sync/log.ts';
import { maxPushBytes, maxPushChanges } from '../../../shared/sync/wire.ts';
import type { RunLimits } from '../storage/logPort.ts';
import { assertMovesOn, type PusherDeps } from './push.ts';

const limits: RunLimits = { maxChanges: maxPushChanges, maxBytes: maxPushBytes };

/** @throws TmaError what the service or the way there failed with; what was taken until then stays taken. */
export async function handIn(deps: PusherDeps, epoch: string, signal: AbortSignal): Promise<void> {
  const { log, service, serviceKey, crypto } = deps;
  while (!signal.aborted) {
    const segments = await log.heldSegments(limits);
    if (segments.length === 0) return;
    const { segments: outcomes } = await service.push({ epoch, segments: [...segments] }, signal);
    const fits = segments.every(({ case: caseId }, i) => outcomes[i]?.case === caseId);
    const isSigned = outcomes.every(
      (one) => one.outcome === 'refused' || isHeadSigned(one.head, serviceKey, crypto),
    );
    if (!fits || outcomes.length !== segments.length || !isSigned) {
      throw new TmaError('service.answer-invalid');
    }
    await log.markHandedIn(segments, outcomes);
    await deps.onPushed({
      changes: segments.reduce((sum, { changes }) => sum + changes.length, 0),
      touched: [],
    });
    assertMovesOn(outcomes);
  }
}
