import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TmaError } from '../errors.ts';
import type { Json } from '../json.ts';
import { canonical, parseCanonical } from './canonical.ts';

const runs = { seed: 20_261_123, numRuns: 500 } as const;
const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }) as fc.Arbitrary<Json>;

const refuses = (work: () => unknown) =>
  expect(work).toThrow(expect.objectContaining({ code: 'change.malformed' }) as TmaError);

describe('canonical JSON', () => {
  it('comes back from its text as the same text, for every value', () => {
    const property = fc.property(json, (value) => {
      const text = canonical(value);
      expect(canonical(parseCanonical(text))).toBe(text);
      expect(parseCanonical(text)).toEqual(JSON.parse(JSON.stringify(value)));
    });
    fc.assert(property, runs);
  });

  it('does not depend on the order in which keys were written', () => {
    const property = fc.property(
      fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }),
      (record) => {
        const reversed = Object.fromEntries(Object.entries(record).reverse());
        expect(canonical(reversed)).toBe(canonical(record));
      },
    );
    fc.assert(property, runs);
  });

  it('orders keys by UTF-16 code units, as RFC 8785 says in its section 3.2.3', () => {
    const input = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonical(input)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
  });

  it('writes numbers as ECMAScript does', () => {
    expect(canonical([333333333.5, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
      '[333333333.5,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  it('keeps text as it is: no normalisation, no escapes beyond the needed', () => {
    expect(canonical(['é', 'e\u0301', '\u2028', '"\\\b\u001f', '/'])).toBe(
      '["é","e\u0301","\u2028","\\"\\\\\\b\\u001f","/"]',
    );
  });

  it.each([
    ['space', '{"a": 1}'],
    ['a line break at the end', '{}\n'],
    ['keys out of order', '{"b":1,"a":2}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['an escape that is not needed', '"\\u0041"'],
    ['an escaped slash', '"\\/"'],
    ['a number written otherwise', '1.0'],
    ['an exponent written otherwise', '1E2'],
    ['minus zero', '-0'],
    ['a number that JSON readers round', '12345678901234567890'],
    ['a number too large', '1e400'],
    ['half of a character, escaped', '"\\ud800"'],
    ['half of a character', '"\ud800"'],
    ['a byte order mark', '\ufeff{}'],
    ['nothing', ''],
    ['half a text', '{"a":'],
  ])('refuses %s', (_what, text) => refuses(() => parseCanonical(text)));

  it('refuses values that JSON cannot carry', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 'a\ud800', { '\udc00': 1 }]) {
      refuses(() => canonical(value));
    }
    refuses(() => canonical(undefined as unknown as Json));
  });

  it('has a bound of its own for nesting, the same on every machine', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(canonical(parseCanonical(nested(64)))).toBe(nested(64));
    refuses(() => parseCanonical(nested(65)));
    refuses(() => parseCanonical(nested(100_000)));
  });
});
