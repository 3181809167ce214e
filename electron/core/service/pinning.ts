/**
 * S01: the pins that hold now: those of the installation or of the newest signed set the service handed on. A set
 * is never used past its end, and no set is taken that the very connection it came over would not pass: a slip at
 * the offline key must not cut every laptop off.
 */
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { type Pinning, type PinSet, readPinSet, type SignedPinSet } from '../../../shared/sync/pins.ts';

/** Accepted keys; `expired` where there were some and all are past their end; null where nothing is pinned. */
export type Pins = readonly string[] | 'expired' | null;

export interface PinKeeper {
  current(): Pins;
  /**
   * Considers a newer set. `chain` holds the pins of the certificates of the connection that brought it, or is null
   * for a set that was taken before and kept.
   */
  take(signed: SignedPinSet, chain: readonly string[] | null): PinOutcome;
}

export type PinOutcome = 'taken' | 'not-pinned' | 'not-signed' | 'not-newer' | 'expired' | 'would-lock-out';

export interface PinKeeperDeps {
  /** What the laptop was installed with; left out: the authority alone decides. */
  readonly installed: Pinning | undefined;
  readonly crypto: Pick<SyncCrypto, 'verify'>;
  readonly nowMs: () => number;
}

export function createPinKeeper({ installed, crypto, nowMs }: PinKeeperDeps): PinKeeper {
  let newest: PinSet | undefined = installed;
  const isOver = (set: PinSet): boolean => Date.parse(set.expiresAt) <= nowMs();

  return {
    current() {
      if (newest === undefined) return null;
      return isOver(newest) ? 'expired' : newest.pins;
    },
    take(signed, chain) {
      if (installed === undefined || newest === undefined) return 'not-pinned';
      const set = readPinSet(signed, installed.updateKey, crypto);
      if (set === null) return 'not-signed';
      if (set.serial <= newest.serial) return 'not-newer';
      if (isOver(set)) return 'expired';
      if (chain !== null && !chain.some((pin) => set.pins.includes(pin))) return 'would-lock-out';
      newest = set;
      return 'taken';
    },
  };
}
