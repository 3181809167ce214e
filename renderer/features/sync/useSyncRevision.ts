import { useSync } from '../../state/sync.ts';

/** Changes whenever what waits, what was refused or when it last succeeded has changed. */
export function useSyncRevision(): string {
  const sync = useSync();
  if (sync === null) return '';
  const { unsent, refused, refusedToRead, setAside, lastSuccessAt, state } = sync;
  return [unsent, refused, refusedToRead, setAside, lastSuccessAt, state].join();
}
