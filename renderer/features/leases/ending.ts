/** Whether somebody has to hear now that something ends. Pure. */
import type { LeasesView } from '../../../shared/contract/leaseProcedures.ts';
import type { SyncView } from '../../../shared/contract/syncViews.ts';

/** So long before the end it is told. */
export const warnAheadMs = 24 * 3_600_000;

/** A laptop that exchanges is renewed all the time: only one that does not has anything to fear. */
export function isAway(sync: Pick<SyncView, 'state' | 'heldOffline'> | null): boolean {
  return sync !== null && (sync.heldOffline || (sync.state !== 'idle' && sync.state !== 'syncing'));
}

/** What happens within a day if the service is not reached before; null where nothing does. */
export function endingSoon(
  leases: Pick<LeasesView, 'next'> | null,
  sync: Pick<SyncView, 'state' | 'heldOffline'> | null,
  nowMs: number,
): LeasesView['next'] {
  const next = leases?.next ?? null;
  if (next === null || !isAway(sync)) return null;
  return Date.parse(next.at) - nowMs <= warnAheadMs ? next : null;
}
