import type { SessionView } from '../../../shared/contract/views.ts';
import { Enrol } from './Enrol.tsx';
import { Unlock } from './Unlock.tsx';

/** What is shown while the vault is not open: setting the laptop up, or unlocking it. */
export default function SessionGate({ session }: { readonly session: SessionView }) {
  return session.phase === 'new' ? <Enrol session={session} /> : <Unlock session={session} />;
}
