/** The last things an open vault does for a laptop that is taken back: hands in what was not sent, and signs for its end. */
import { type SignedWiped, signWiped, type WipeReason } from '../../../shared/sync/wiped.ts';
import type { Identity } from '../storage/identity.ts';
import type { LocalLog } from '../storage/logPort.ts';
import type { SyncEngine } from '../sync/engine.types.ts';
import type { CoreParts } from './parts.ts';

export interface Leaving {
  /** Seals and hands in what was not sent, for a laptop that is taken back; false where that has to be tried again. */
  leave(): Promise<boolean>;
  /** What this device has to say of the destruction of its keys, signed while it still can. */
  receipt(because: WipeReason): Promise<SignedWiped>;
}

interface LeavingParts {
  readonly identity: Identity;
  readonly engine: Pick<SyncEngine, 'leave'>;
  readonly log: Pick<LocalLog, 'caseIds' | 'state'>;
}

export function leaving(
  { clock }: Pick<CoreParts, 'clock'>,
  { identity, engine, log }: LeavingParts,
): Leaving {
  // A first try may remove cases that the last one still has to tell of.
  let most: number | null = null;
  const count = async (): Promise<void> => {
    const ids = await log.caseIds('all').catch(() => undefined);
    if (ids !== undefined) most = Math.max(most ?? 0, ids.length);
  };
  return {
    async leave() {
      await count();
      return engine.leave();
    },
    async receipt(because) {
      await count();
      const lost = await log.state().then(
        ({ unsent }) => unsent,
        // A vault that was closed meanwhile; its last count is known.
        () => null,
      );
      const { deviceId: device } = identity.owner;
      const wiped = { version: 1, device, because, atMs: clock.nowMs(), cases: most, lost } as const;
      return signWiped(wiped, identity.signer);
    },
  };
}
