import type { LeasesView } from '../../../shared/contract/leaseProcedures.ts';
import { useAllRevision } from '../../state/revisions.ts';
import { useSync } from '../../state/sync.ts';
import { useProcedure } from '../../state/useProcedure.ts';

/** What is checked out here, and what ends when; anew with every change of a case and every exchange. */
export function useLeases(): LeasesView | null {
  const revision = useAllRevision();
  const sync = useSync();
  return useProcedure('leases.get', {}, `${revision} ${sync?.lastSuccessAt ?? ''}`).data;
}
