import type { SyncView } from '../../shared/contract/syncViews.ts';
import type { SyncState } from '../ui/status/StatusPill.tsx';

/** What the pill says of the exchange. Refused changes need a person; being offline, also by choice, does not. */
export function pillState(sync: Pick<SyncView, 'state' | 'heldOffline' | 'refused'>): SyncState {
  if (sync.refused > 0 || sync.state === 'error') return 'attention';
  if (sync.heldOffline) return 'offline';
  switch (sync.state) {
    case 'idle':
      return 'synced';
    case 'syncing':
      return 'syncing';
    case 'offline':
    case 'never':
      return 'offline';
  }
}
