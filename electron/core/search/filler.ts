/**
 * Fills the index in the background: a slice, then a rest at least as long, so that whoever works meanwhile has the
 * vault in between. While many cases are coming in it waits, because both would take turns at the same file.
 */
import type { VaultTables } from '../storage/tables.ts';
import type { OpenVault, VaultClock } from '../vault/types.ts';
import { fillSlice } from './due.ts';

/** A few hundredths of a second of work. */
const recordsAtOnce = 200;
const shortestRestMs = 20;
/** Also where the clock jumped meanwhile. */
const longestRestMs = 500;

export interface Filler {
  /** There may be something to do. */
  wake(): void;
  /** Many cases are coming in, or no longer. */
  hold(isHeld: boolean): void;
  /** Resolves once nothing touches the vault any more. */
  stop(): Promise<void>;
}

export interface FillerDeps {
  readonly vault: Pick<OpenVault<VaultTables>, 'write'>;
  readonly clock: VaultClock;
}

export function createFiller({ vault, clock }: FillerDeps): Filler {
  let isHeld = false;
  let isStopped = false;
  let isWanted = false;
  let underWay: Promise<void> | undefined;
  let cancelNext: (() => void) | undefined;

  const fill = async (): Promise<void> => {
    const startedMs = clock.nowMs();
    const isMore = await vault.write((tx) => fillSlice(tx, recordsAtOnce), { durable: false });
    if (!isMore) return;
    isWanted = true;
    later(Math.min(longestRestMs, Math.max(shortestRestMs, clock.nowMs() - startedMs)));
  };

  const begin = (): void => {
    cancelNext = undefined;
    isWanted = false;
    // What the vault cannot take (a full disk) is tried again when there is a next reason to.
    underWay = fill()
      .catch(() => undefined)
      .finally(() => {
        underWay = undefined;
        if (isWanted) later(shortestRestMs);
      });
  };

  const later = (delayMs: number): void => {
    if (isStopped || isHeld || cancelNext !== undefined) return;
    cancelNext = clock.after(delayMs, begin);
  };

  const pause = (): void => {
    cancelNext?.();
    cancelNext = undefined;
  };

  const wake = (): void => {
    isWanted = true;
    if (underWay === undefined) later(shortestRestMs);
  };

  return {
    wake,
    hold(held) {
      if (held === isHeld) return;
      isHeld = held;
      if (held) pause();
      else wake();
    },
    async stop() {
      isStopped = true;
      pause();
      await underWay;
    },
  };
}
