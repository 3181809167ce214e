import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareStamps,
  effectiveStamp,
  observe,
  type Stamp,
  stampSchema,
  tick,
  toleranceMs,
  zeroStamp,
} from './clock.ts';

const runs = { seed: 20_261_123, numRuns: 500 } as const;
const nowMs = 1_763_880_000_000;
const stamp: fc.Arbitrary<Stamp> = fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 5 }));
const moments = fc.array(fc.oneof(fc.record({ tickAtMs: fc.nat({ max: 50 }) }), fc.record({ sees: stamp })), {
  maxLength: 40,
});

describe('the hybrid clock', () => {
  it('only goes forward, whatever the wall clock does and whatever is seen', () => {
    const property = fc.property(moments, (history) => {
      let clock: Stamp = zeroStamp;
      for (const moment of history) {
        const next = 'sees' in moment ? observe(clock, moment.sees) : tick(clock, moment.tickAtMs);
        const grows = compareStamps(next, clock);
        if ('sees' in moment) expect(grows).toBeGreaterThanOrEqual(0);
        else expect(grows).toBeGreaterThan(0);
        expect(stampSchema.safeParse(next).success).toBe(true);
        clock = next;
      }
    });
    fc.assert(property, runs);
  });

  it('puts what is written after seeing something behind it, even on a slow laptop', () => {
    const seen: Stamp = [nowMs, 3];
    expect(tick(observe(zeroStamp, seen), nowMs - 86_400_000)).toEqual([nowMs, 4]);
  });

  it('orders all stamps: first by time, then by counter', () => {
    const property = fc.property(fc.array(stamp), (stamps) => {
      const sorted = stamps.toSorted(compareStamps);
      const text = (list: readonly Stamp[]) => list.map(([ms, n]) => ms * 10 + n);
      expect(text(sorted)).toEqual(text(stamps).toSorted((a, b) => a - b));
    });
    fc.assert(property, runs);
  });
});

describe('what a stamp counts as', () => {
  it('is what was written, up to five minutes ahead of the service', () => {
    for (const ahead of [-86_400_000, 0, toleranceMs]) {
      expect(effectiveStamp([nowMs + ahead, 7], nowMs)).toEqual([nowMs + ahead, 7]);
    }
  });

  it('is capped beyond that, so that a fast clock cannot win until its date comes', () => {
    expect(effectiveStamp([nowMs + toleranceMs + 1, 7], nowMs)).toEqual([nowMs + toleranceMs, 0]);
    expect(effectiveStamp([nowMs + 365 * 86_400_000, 0], nowMs)).toEqual([nowMs + toleranceMs, 0]);
  });

  it('never lies after what was written', () => {
    const property = fc.property(fc.nat(), fc.nat({ max: 9 }), fc.nat(), (ms, n, receivedAtMs) => {
      expect(compareStamps(effectiveStamp([ms, n], receivedAtMs), [ms, n])).toBeLessThanOrEqual(0);
    });
    fc.assert(property, runs);
  });
});
