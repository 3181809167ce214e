/** Who is signed in on this laptop and whether the vault is open; fed by the `session` and `settings` events. */
import { create } from 'zustand';
import type { SessionView } from '../../shared/contract/views.ts';
import { client } from '../app/client.ts';

interface SessionStore {
  /** Null until the case process has answered for the first time. */
  readonly session: SessionView | null;
}

export const useSessionStore = create<SessionStore>(() => ({ session: null }));

/** Begins to follow the session; the returned function stops it. */
export function followSession(): () => void {
  const show = (session: SessionView) => useSessionStore.setState({ session });
  const stops = [
    client.on('session', show),
    client.on('settings', (settings) =>
      useSessionStore.setState(({ session }) => ({ session: session && { ...session, settings } })),
    ),
  ];
  client.call('session.get', {}).then(show, () => {
    // The transport reconnects by itself and the case process then sends the session as an event.
  });
  return () => {
    for (const stop of stops) stop();
  };
}

/** Shows at once what a call answered, without waiting for the event. */
export function showSession(session: SessionView): void {
  useSessionStore.setState({ session });
}

export const useSession = (): SessionView | null => useSessionStore((store) => store.session);
