/** What changes rarely and many screens need: colleagues, their laptops, instruments, the catalogue of measures. */
import { useCallback } from 'react';
import { create } from 'zustand';
import type { OutputOf } from '../../shared/contract/procedures.ts';
import type { DeviceId, UserId } from '../../shared/ids.ts';
import { client } from '../app/client.ts';

type Directory = OutputOf<'directory.get'>;
type Catalogue = OutputOf<'catalogue.get'>;

interface Reference {
  readonly directory: Directory;
  /** Null until loaded. */
  readonly catalogue: Catalogue | null;
}

const empty: Reference = { directory: { users: [], devices: [] }, catalogue: null };
const useReference = create<Reference>(() => empty);

/** Loads both and follows the directory; call it when the vault is open. */
export function followReference(): () => void {
  const quiet = () => {
    // Locked again or restarting: the next unlock loads anew.
  };
  const loadDirectory = () => {
    client.call('directory.get', {}).then((directory) => useReference.setState({ directory }), quiet);
  };
  loadDirectory();
  client.call('catalogue.get', {}).then((catalogue) => useReference.setState({ catalogue }), quiet);
  const stop = client.on('directory', loadDirectory);
  return () => {
    stop();
    useReference.setState(empty);
  };
}

export const useDirectory = (): Directory => useReference((state) => state.directory);
export const useCatalogue = (): Catalogue | null => useReference((state) => state.catalogue);

export function useUserName(): (id: UserId | null | undefined) => string | null {
  const { users } = useDirectory();
  return useCallback((id) => users.find((user) => user.id === id)?.name ?? null, [users]);
}

export function useDeviceLabel(): (id: DeviceId) => string | null {
  const { devices } = useDirectory();
  return useCallback((id) => devices.find((device) => device.id === id)?.label ?? null, [devices]);
}
