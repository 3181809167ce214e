/**
 * How often a passphrase may be tried: five times at once, then with growing delays, ten times in all. The
 * attempt is counted before it is made. A clock that was set back starts the delay anew instead of ending it;
 * one set forward ends it (there is no other clock on the laptop to ask), which the limit of ten bounds.
 */
import { TmaError } from '../../../../shared/errors.ts';
import type { AttemptCounter } from '../../device/attempts.ts';

export const maxAttempts = 10;

/** Seconds to wait after that many failures in a row. */
const delaysSeconds: ReadonlyMap<number, number> = new Map([
  [5, 30],
  [6, 60],
  [7, 120],
  [8, 300],
  [9, 900],
]);

export function delayMs(failed: number): number {
  return 1000 * (delaysSeconds.get(failed) ?? 0);
}

/** How long until the next attempt is allowed, in milliseconds; 0 when it is. */
export function remainingMs(counter: AttemptCounter, nowMs: number): number {
  const { failed, lastAtMs } = counter.read();
  return Math.max(0, Math.min(lastAtMs, nowMs) + delayMs(failed) - nowMs);
}

export type Attempt =
  | { readonly kind: 'counted'; readonly attemptsLeft: number }
  | { readonly kind: 'used-up' };

/**
 * Counts an attempt, durably. `attemptsLeft` is what remains should it fail; `used-up` when an earlier tenth
 * attempt never came to its end.
 * @throws TmaError `vault.throttled` with `retryAfterSeconds`.
 */
export function countAttempt(counter: AttemptCounter, nowMs: number): Attempt {
  const { failed, lastAtMs } = counter.read();
  if (failed >= maxAttempts) return { kind: 'used-up' };
  if (failed > 0 && lastAtMs > nowMs) counter.write({ failed, lastAtMs: nowMs });
  const waitMs = remainingMs(counter, nowMs);
  if (waitMs > 0) throw new TmaError('vault.throttled', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  counter.write({ failed: failed + 1, lastAtMs: nowMs });
  return { kind: 'counted', attemptsLeft: maxAttempts - failed - 1 };
}

export function forgetAttempts(counter: AttemptCounter): void {
  counter.write({ failed: 0, lastAtMs: 0 });
}
