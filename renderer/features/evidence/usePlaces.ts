import { useCallback } from 'react';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { useCaseRevision } from '../../state/revisions.ts';
import { useProcedure } from '../../state/useProcedure.ts';
import type { Place } from './types.ts';

/** Where the files of a case are; null until it is known. */
export function usePlaces(caseId: CaseId): (record: RecordId) => Place | null {
  const { data } = useProcedure('evidence.places', { caseId }, useCaseRevision(caseId));
  return useCallback(
    (record) => {
      if (data === null) return null;
      const found = data.here.find(({ recordId }) => recordId === record);
      if (found === undefined) return 'service';
      return found.isSent ? 'both' : 'here';
    },
    [data],
  );
}
