/** Removes cases whose time is over from an open vault: one look at a time, and nothing can be read meanwhile. */

import { endLease, leaseNow } from './lease.ts';
import type { OpenSession } from './openSession.ts';
import type { CoreParts } from './parts.ts';

export interface Settling {
  /**
   * Removes the cases whose time is over. Where one has to stay, because nothing else may be read or because there is no
   * key to seal what was not sent in it, the vault opens no more until the service has answered, and false is the answer.
   */
  letGo(open: OpenSession): Promise<boolean>;
  /** Looks whether any case's time is over; asks the service first. */
  look(): void;
}

export interface SettlingDeps extends Pick<CoreParts, 'profile' | 'clock'> {
  readonly inTurn: <T>(run: () => Promise<T>) => Promise<T>;
  /** The vault that is open now. */
  readonly current: () => OpenSession | undefined;
  /** The vault counts as closed until what it gives is called. */
  readonly suspend: (open: OpenSession) => () => void;
  readonly requestLock: () => void;
}

export function createSettling(deps: SettlingDeps): Settling {
  const { profile, clock } = deps;
  let looking: 'no' | 'yes' | 'again' = 'no';

  const letGo = async (open: OpenSession): Promise<boolean> => {
    const { removed, isDone } = await open.expire();
    if (removed > 0) await open.audit({ action: 'lease.expired', detail: { cases: removed } });
    if (!isDone) endLease(profile.device, leaseNow(profile.device, clock.nowMs()));
    return isDone;
  };

  const settle = async (): Promise<void> => {
    const open = deps.current();
    if (open === undefined || (await open.over()).length === 0) return;
    await open.contact();
    if (deps.current() !== open || (await open.over()).length === 0) return;
    const resume = deps.suspend(open);
    let isDone = true;
    try {
      isDone = await letGo(open);
    } finally {
      resume();
    }
    if (!isDone) deps.requestLock();
  };

  const look = (): void => {
    if (looking !== 'no') {
      looking = 'again';
      return;
    }
    looking = 'yes';
    void deps
      .inTurn(settle)
      // A vault that is being closed, or is damaged: the next unlock looks first of all.
      .catch(() => undefined)
      .then(() => {
        const isAskedAgain = looking === 'again';
        looking = 'no';
        if (isAskedAgain && deps.current() !== undefined) look();
      });
  };

  return { letGo, look };
}
