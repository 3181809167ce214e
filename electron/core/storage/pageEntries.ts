/** A page of a case's log taken apart, and what makes it one that fits what is here. Pure. */
import { TmaError } from '../../../shared/errors.ts';
import { type ChainPoint, isWithheld, type SealedChange } from '../../../shared/sync/change.ts';
import { compareStamps, type Stamp } from '../../../shared/sync/clock.ts';
import type { LogEntry } from '../../../shared/sync/log.ts';
import type { Arrived } from '../../../shared/sync/merge.ts';
import type { VerifiedPage } from './logPort.ts';

/** One line of the page, everything about it together. */
export interface PageEntry extends Arrived {
  readonly sealed: SealedChange;
  readonly point: ChainPoint;
  readonly entry: LogEntry;
}

/** An own change that comes back with the page, as it stands in the outbox. */
export interface WaitingChange {
  readonly hash: string;
  readonly isCounted: boolean;
  readonly at: Stamp;
}

/** By its number in this device's chain. */
export type Waiting = ReadonlyMap<number, WaitingChange>;

/** @throws TmaError `service.answer-invalid` when the parts of the page do not belong together. */
export function entriesOf({ page, points, changes }: VerifiedPage): readonly PageEntry[] {
  return page.runs.flatMap((run, r) =>
    run.changes.map((sealed, i) => {
      const point = points[r]?.[i];
      const change = changes[r]?.[i];
      const entry = run.entries[i];
      if (point === undefined || change === undefined || entry === undefined) {
        throw new TmaError('service.answer-invalid');
      }
      return { ...change, device: run.device, effective: entry.effective, sealed, point, entry };
    }),
  );
}

/** @throws TmaError `service.log-contradicts` unless the entries follow, without a gap, on `position`. */
export function assertContinues(position: number, entries: readonly PageEntry[], end: number): void {
  const isGapless = entries.every(({ entry }, i) => entry.position === position + 1 + i);
  if (!isGapless || end !== position + entries.length) {
    throw new TmaError('service.log-contradicts', { position });
  }
}

export interface OwnChain {
  readonly waiting: Waiting;
  /** The last number this vault knows of. */
  readonly lastN: number;
}

/**
 * @throws TmaError `change.chain-broken` when the log holds something under this laptop's id that this vault has not
 * written: it was set back, or another copy of it is at work.
 */
export function assertOwn(own: readonly PageEntry[], { waiting, lastN }: OwnChain): void {
  for (const { point } of own) {
    const here = waiting.get(point.n);
    if (point.n > lastN || (here !== undefined && here.hash !== point.hash))
      throw new TmaError('change.chain-broken', { n: point.n });
  }
}

/** Whether it makes a record what it is here: taken by the service, and given to this person with its content. */
export function counts({ entry, sealed }: PageEntry): boolean {
  return entry.status === 'applied' && !isWithheld(sealed);
}

/** Whether the record holds something else than what the log now says about an own change. */
export function isOutdated(one: PageEntry, waiting: WaitingChange | undefined): boolean {
  if (waiting === undefined) return false;
  // What the person wrote themselves and does not read any more goes like everything else.
  if (isWithheld(one.sealed)) return true;
  const isTaken = one.entry.status === 'applied';
  return waiting.isCounted !== isTaken || (isTaken && compareStamps(waiting.at, one.effective) !== 0);
}
