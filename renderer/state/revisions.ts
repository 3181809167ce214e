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
  /** Rises when somebody has broken the glass, where the person is to know. */
  readonly glass: number;
}

const useRevisions = create<Revisions>(() => ({ all: 0, byCase: {}, glass: 0 }));

export function followCases(): () => void {
  const stopGlass = client.on('glass', () => {
    useRevisions.setState(({ glass }) => ({ glass: glass + 1 }));
  });
  const stopCases = client.on('cases', ({ caseIds }) => {
    useRevisions.setState(({ all, byCase }) => {
      const next = { ...byCase };
      for (const caseId of caseIds) next[caseId] = (next[caseId] ?? 0) + 1;
      return { all: all + 1, byCase: next };
    });
  });
  return () => {
    stopGlass();
    stopCases();
  };
}

export const useAllRevision = (): number => useRevisions((state) => state.all);
export const useCaseRevision = (caseId: CaseId): number => useRevisions((state) => state.byCase[caseId] ?? 0);
export const useGlassRevision = (): number => useRevisions((state) => state.glass);
