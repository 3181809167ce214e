/** How long a host waits before it starts a crashed case process again. */

/** First restart at once, then doubling from 250 ms to 10 s. */
export function restartDelayMs(crashesInARow: number): number {
  return crashesInARow <= 1 ? 0 : Math.min(250 * 2 ** (crashesInARow - 2), 10_000);
}

/** A process that worked this long was not part of a crash loop. */
export const stableAfterMs = 30_000;
