/**
 * Hybrid logical clock: physical milliseconds and a counter that breaks ties, so that what a device writes
 * after seeing something sorts after it, even if its wall clock runs behind.
 * Source: Kulkarni, Demirbas, Madappa, Avva, Leone (2014), "Logical Physical Clocks".
 *
 * The clock only breaks ties between edits made apart; it never decides whether an edit counts. On
 * arrival the service records `effective = min(written, received + 5 min)`, so a laptop whose clock runs
 * ahead cannot win every tie until its date comes.
 */
import { z } from 'zod';

/** `[milliseconds since the Unix epoch, counter]`. */
export const stampSchema = z.tuple([z.int().nonnegative(), z.int().nonnegative().max(0xffffffff)]).readonly();
export type Stamp = z.infer<typeof stampSchema>;

export const zeroStamp: Stamp = [0, 0];

/** How far ahead of the service's time a stamp may count. */
export const toleranceMs = 5 * 60_000;

export function compareStamps(a: Stamp, b: Stamp): number {
  return a[0] - b[0] || a[1] - b[1];
}

/** The stamp for the next thing written here. */
export function tick(last: Stamp, nowMs: number): Stamp {
  return nowMs > last[0] ? [nowMs, 0] : [last[0], last[1] + 1];
}

/** The clock after reading a stamp from elsewhere, which must already be the effective one. */
export function observe(last: Stamp, seen: Stamp): Stamp {
  return compareStamps(last, seen) >= 0 ? last : seen;
}

/** What a stamp counts as, given when the service received it. */
export function effectiveStamp(written: Stamp, receivedAtMs: number): Stamp {
  const latest = receivedAtMs + toleranceMs;
  return written[0] > latest ? [latest, 0] : written;
}
