import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TmaError } from '../../../shared/errors.ts';
import { firstBoundMs, lastBoundMs, leastDelayMs, longestWaitMs, nextDelayMs } from './backOff.ts';

const unreachable = new TmaError('service.unreachable');
const runs = { seed: 20_261_123, numRuns: 500 } as const;
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the time until the next try', () => {
  it('is bounded by 1 s after the first failure and by 5 min in the end, doubling between', () => {
    const longest = (failures: number) => nextDelayMs(unreachable, failures, () => 1);
    expect([1, 2, 3, 4].map(longest)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(longest(1)).toBe(firstBoundMs);
    for (const failures of [10, 100, 1_000_000]) expect(longest(failures)).toBe(lastBoundMs);
  });

  it('is never nothing and never for ever, whatever failed and however often', () => {
    const code = fc.constantFrom('service.unreachable', 'service.busy', 'auth.device-revoked', 'internal');
    const wait = fc.option(fc.oneof(fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER)), { nil: undefined });
    const property = fc.property(
      code,
      wait,
      fc.integer({ min: 1 }),
      draw,
      (name, asked, failures, random) => {
        const params = asked === undefined ? undefined : { retryAfterMs: asked };
        const delayMs = nextDelayMs(new TmaError(name as 'internal', params), failures, () => random);
        expect(delayMs).toBeLessThanOrEqual(longestWaitMs + firstBoundMs);
        if (asked === undefined) expect(delayMs).toBeGreaterThanOrEqual(leastDelayMs);
      },
    );
    fc.assert(property, runs);
  });

  it('is spread over the whole time, so that laptops do not come back together', () => {
    const delays = [0.1, 0.5, 0.9].map((random) => nextDelayMs(unreachable, 9, () => random));
    expect(delays).toEqual([25_600, 128_000, 230_400]);
  });

  it('is what the service asked for', () => {
    const busy = new TmaError('service.busy', { retryAfterMs: 7_000 });
    expect(nextDelayMs(busy, 1, () => 0)).toBe(7_000);
    expect(nextDelayMs(busy, 30, () => 0.5)).toBe(7_500);
  });

  it('is long at once where only a person can help', () => {
    expect(nextDelayMs(new TmaError('auth.device-revoked'), 1, () => 1)).toBe(lastBoundMs);
  });
});
