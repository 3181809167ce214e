/** Where the exchange with the central service stands; fed by the `sync` event. */
import { create } from 'zustand';
import type { SyncView } from '../../shared/contract/syncViews.ts';
import { client } from '../app/client.ts';

interface SyncStore {
  /** Null while locked and until the first answer. */
  readonly sync: SyncView | null;
}

const useSyncStore = create<SyncStore>(() => ({ sync: null }));

/** Begins to follow the exchange; call it when the vault is open. */
export function followSync(): () => void {
  const show = (sync: SyncView) => useSyncStore.setState({ sync });
  const stop = client.on('sync', show);
  client.call('sync.get', {}).then(show, () => {
    // Locked again or restarting: the next unlock follows anew.
  });
  return () => {
    stop();
    useSyncStore.setState({ sync: null });
  };
}

export const useSync = (): SyncView | null => useSyncStore((store) => store.sync);

/** Stops sending and fetching until it is switched back. */
export async function holdSync(offline: boolean): Promise<void> {
  useSyncStore.setState({ sync: await client.call('sync.hold', { offline }) });
}

export async function syncNow(): Promise<void> {
  useSyncStore.setState({ sync: await client.call('sync.now', {}) });
}
