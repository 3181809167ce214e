import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Coding, codings } from '../domain/kinds/assessment.ts';
import { agreement } from './agreement.ts';
import { answer, instrumentDocument, itemDocument, sampleInstrument } from './fixture.test-support.ts';
import { parseInstrument } from './parse.ts';

const text = { de: 'x', en: 'x' };

/** An instrument of `count` coded items i0, i1, … */
function withItems(count: number) {
  const items = Array.from({ length: count }, (_, i) => itemDocument(`i${i}`));
  const section = { id: 'all', title: text, description: text, items };
  const parsed = parseInstrument(instrumentDocument({ sections: [section], prompts: [] }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.instrument;
}

const rated = (list: readonly Coding[]) =>
  Object.fromEntries(list.map((coding, i) => [`i${i}`, answer(coding)]));
const repeat = (coding: Coding, times: number) => Array.from({ length: times }, () => coding);

describe('agreement of two raters', () => {
  it('gives the kappa of a worked example', () => {
    // 20 × both yes, 15 × both no, 5 and 10 apart: observed 0.7, by chance 0.5, kappa 0.4.
    const first = [...repeat('present', 25), ...repeat('no-indication', 25)];
    const second = [
      ...repeat('present', 20),
      ...repeat('no-indication', 5),
      ...repeat('present', 10),
      ...repeat('no-indication', 15),
    ];
    const result = agreement(withItems(50), rated(first), rated(second));
    expect(result).toMatchObject({ itemsCompared: 50, itemsEqual: 35, share: 0.7 });
    expect(result.kappa).toBeCloseTo(0.4, 10);
    expect(result.differing).toHaveLength(15);
  });

  it('compares only coded items that both answered', () => {
    const instrument = sampleInstrument();
    const first = { pathway: answer('present'), access: answer('possible'), 'worst-case': answer('unknown') };
    const second = { pathway: answer('present'), trust: answer('possible'), 'worst-case': answer('unknown') };
    expect(agreement(instrument, first, second)).toMatchObject({ itemsCompared: 1, itemsEqual: 1, share: 1 });
  });

  it('does not invent a kappa where chance alone would agree, or nothing is comparable', () => {
    const all = rated(repeat('no-indication', 3));
    expect(agreement(withItems(3), all, all)).toMatchObject({ share: 1, kappa: null });
    expect(agreement(withItems(3), all, {})).toMatchObject({ share: null, kappa: null });
  });

  it('is symmetric, never above 1, and 1 when raters agree on more than one coding', () => {
    const ratings = fc.array(fc.constantFrom(...codings), { minLength: 8, maxLength: 8 });
    const instrument = withItems(8);
    fc.assert(
      fc.property(ratings, ratings, (a, b) => {
        const there = agreement(instrument, rated(a), rated(b)).kappa;
        const back = agreement(instrument, rated(b), rated(a)).kappa;
        expect(there ?? 0).toBeCloseTo(back ?? 0, 12);
        expect(there ?? 0).toBeLessThanOrEqual(1);
        const self = agreement(instrument, rated(a), rated(a)).kappa;
        if (new Set(a).size > 1) expect(self).toBeCloseTo(1, 12);
        else expect(self).toBeNull();
      }),
      { seed: 20_261_123 },
    );
  });
});
