/** Sets a push's segments against what the log already holds of the device's chain: first what is known, then what is new. */
import type { ErrorCode } from '../../shared/errors.ts';
import { zeroHash } from '../../shared/sync/change.ts';
import type { ChainRange, KnownChange } from './caseStore.ts';
import type { PreparedChange, PreparedSegment } from './prepare.ts';

/**
 * The device signed two different changes for the same place in its chain, or two changes with one id. An
 * honest program cannot: the laptop was copied, or somebody else has its key.
 */
export class Contradiction extends Error {
  override readonly name = 'Contradiction';
}

export type SegmentPlan =
  | { readonly outcome: 'refused'; readonly code: ErrorCode }
  /** What is not fresh is known already; fresh changes are the end of their segment. */
  | {
      readonly outcome: 'taken';
      readonly prepared: PreparedSegment;
      readonly fresh: readonly PreparedChange[];
    };

/** The part of the chain that has to be known to place a segment: its own numbers and the one before. */
export function rangeOf({ segment }: PreparedSegment): ChainRange {
  return { from: segment.from - 1, to: segment.from + segment.changes.length - 1 };
}

/** Throws {@link Contradiction}. */
export function planSegments(
  segments: readonly PreparedSegment[],
  known: ReadonlyMap<number, KnownChange>,
): readonly SegmentPlan[] {
  const hashes = new Map([...known].map(([n, change]) => [n, change.hash]));
  return segments.map((prepared) => {
    const { segment, changes } = prepared;
    const before = segment.from === 1 ? zeroHash : hashes.get(segment.from - 1);
    if (before === undefined) return { outcome: 'refused', code: 'change.gap' };
    if (before !== segment.prev) return { outcome: 'refused', code: 'change.chain-broken' };
    const fresh: PreparedChange[] = [];
    for (const change of changes) {
      const { n, hash } = change.point;
      const held = hashes.get(n);
      if (held === undefined) fresh.push(change);
      else if (held !== hash) throw new Contradiction();
      hashes.set(n, hash);
    }
    return { outcome: 'taken', prepared, fresh };
  });
}
