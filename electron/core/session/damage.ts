/** Remembers that a vault is damaged, so that a person is told before and after every try to open it. */
import { TmaError } from '../../../shared/errors.ts';
import type { OpenVault } from '../vault/types.ts';
import type { CoreParts } from './parts.ts';

type Noting = Pick<CoreParts, 'profile' | 'clock'>;

export async function noteDamage<T>(parts: Noting, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TmaError && error.code === 'vault.damaged') remember(parts, error);
    throw error;
  }
}

/** A vault that opens may still be damaged further in: it has to prove to be whole before the note is taken away. */
export async function forgetDamage<V extends Pick<OpenVault<unknown>, 'checkIntegrity'>>(
  { profile }: Noting,
  vault: V,
): Promise<V> {
  if (profile.device.get('damage') === undefined) return vault;
  const problems = await vault.checkIntegrity().catch(() => ['unreadable']);
  if (problems.length === 0) profile.device.clear('damage');
  return vault;
}

function remember({ profile, clock }: Noting, error: TmaError): void {
  const known = profile.device.get('damage');
  const copy = error.params?.setAside;
  profile.device.set('damage', {
    sinceMs: known?.sinceMs ?? clock.nowMs(),
    setAside: typeof copy === 'string' ? copy : (known?.setAside ?? null),
  });
}
