import type { SessionView } from '../../../shared/contract/views.ts';
import { Damaged } from './Damaged.tsx';
import { Enrol } from './Enrol.tsx';
import { Unlock } from './Unlock.tsx';
import { Wiped } from './Wiped.tsx';

/** What is shown while the vault is not open: setting the laptop up, unlocking it, or what became of it. */
export default function SessionGate({ session }: { readonly session: SessionView }) {
  const { trouble } = session;
  if (trouble?.type === 'wiped') return <Wiped session={session} trouble={trouble} />;
  if (trouble?.type === 'damaged') return <Damaged session={session} trouble={trouble} />;
  return session.phase === 'new' ? <Enrol session={session} /> : <Unlock session={session} />;
}
