/** The conflicts that wait, as a row to work through: those of one case one after the other, then the next case. */
import type { ConflictLine } from '../../../shared/contract/conflictViews.ts';
import { useAllRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import { conflictPath } from './paths.ts';

type Place = Pick<ConflictLine, 'caseId' | 'recordId' | 'field'>;

export interface Queue {
  readonly next: ConflictLine | null;
  readonly previous: ConflictLine | null;
  /** From 1, among those of the case; null where this one does not wait. */
  readonly at: number | null;
  readonly inCase: number;
  readonly all: number;
}

export function useQueue(place: Place): Queue {
  const lines = useProcedure('conflicts.list', {}, useAllRevision()).data?.lines ?? [];
  return queueOf(lines, place);
}

/** Pure; `lines` oldest first. The row ends with the last one and begins with the first. */
export function queueOf(lines: readonly ConflictLine[], place: Place): Queue {
  const row = inRow(lines, place);
  const here = row.findIndex((line) => conflictPath(line) === conflictPath(place));
  const ofCase = row.filter((line) => line.caseId === place.caseId);
  const others = row.filter((_line, index) => index !== here);
  // One that was settled has left the row; what follows it is then the first that is left.
  const after = here < 0 ? others[0] : (row[here + 1] ?? others[0]);
  return {
    next: after ?? null,
    previous: (here > 0 ? row[here - 1] : others.at(-1)) ?? null,
    at: here < 0 ? null : ofCase.findIndex((line) => conflictPath(line) === conflictPath(place)) + 1,
    inCase: ofCase.length,
    all: row.length,
  };
}

/** Cases in the order of their oldest conflict, but the case that one is in stays where it is looked for: first. */
function inRow(lines: readonly ConflictLine[], { caseId }: Place): readonly ConflictLine[] {
  const byCase = Map.groupBy(lines, (line) => line.caseId);
  const first = byCase.get(caseId) ?? [];
  byCase.delete(caseId);
  return [...first, ...[...byCase.values()].flat()];
}
