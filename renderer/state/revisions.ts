/**
 * Tells screens when what they show has changed. The `cases` event names cases, not content: each named case
 * gets a higher revision, and a screen that shows it asks again.
 */
import { create } from 'zustand';
import type { CaseId } from '../../shared/ids.ts';
import { client } from '../app/client.ts';

interface Revisions {
  /** Rises with every change of any case: for lists, counts and search. */
  readonly all: number;
  readonly byCase: Readonly<Record<CaseId, number>>;
}

const useRevisions = create<Revisions>(() => ({ all: 0, byCase: {} }));

export function followCases(): () => void {
  return client.on('cases', ({ caseIds }) => {
    useRevisions.setState(({ all, byCase }) => {
      const next = { ...byCase };
      for (const caseId of caseIds) next[caseId] = (next[caseId] ?? 0) + 1;
      return { all: all + 1, byCase: next };
    });
  });
}

export const useAllRevision = (): number => useRevisions((state) => state.all);
export const useCaseRevision = (caseId: CaseId): number => useRevisions((state) => state.byCase[caseId] ?? 0);
