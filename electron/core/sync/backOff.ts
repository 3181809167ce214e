/**
 * When to try again. Full jitter: a random time below a bound that doubles from 1 s to 5 min, so that laptops that
 * lost the service together do not come back together.
 * Source: Brooker (2015), "Exponential Backoff and Jitter", AWS Architecture Blog.
 */
import type { ErrorCode, TmaError } from '../../../shared/errors.ts';

export const firstBoundMs = 1_000;
export const lastBoundMs = 300_000;
/** Not even a lucky draw makes a loop of requests. */
export const leastDelayMs = 100;
/** Whatever a proxy on the way says, a laptop asks again within this time. */
export const longestWaitMs = 900_000;

/** Failures that only a person can end; asking often would not help. */
const needsSomebody: ReadonlySet<ErrorCode> = new Set([
  'auth.device-revoked',
  'auth.device-unknown',
  'access.denied',
  'auth.sign-in-required',
  'auth.sign-in-ended',
  'auth.token-invalid',
  'service.update-program',
]);

/** How long to wait after so many failures in a row (at least 1). There is always a next try. */
export function nextDelayMs(error: TmaError, failures: number, random: () => number): number {
  const asked = error.params?.retryAfterMs;
  if (typeof asked === 'number') return Math.min(asked, longestWaitMs) + random() * firstBoundMs;
  const doubled = firstBoundMs * 2 ** Math.min(failures - 1, 20);
  const bound = needsSomebody.has(error.code) ? lastBoundMs : Math.min(doubled, lastBoundMs);
  return Math.max(leastDelayMs, random() * bound);
}
