import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { changeFieldsSchema, changeHeadSchema } from './change.ts';
import { areUsualFields, isUsualHead } from './usual.ts';

const id = '019ab3c4-0000-7000-8000-0000000000ff';
const head = {
  ...{ at: [1_763_880_000_000, 0], id, kind: 'note', op: 'create', record: id, schema: 1, seen: [0, ''] },
};
const fields = { text: { saw: [id], value: 'Tür offen' }, 'items.a1': { saw: [], value: { add: ['x'] } } };

const odd = fc.constantFrom<Json>(
  ...[null, -1, 1.5, 0, 2 ** 53, 2 ** 32, 'x', '', id, id.toUpperCase(), `${id}0`, 'constructor', true],
  ...[
    [],
    [id],
    [0, ''],
    [0, 2 ** 32],
    [0, 0, 0],
    [-1, 0],
    {},
    { value: 1 },
    { saw: [], value: null },
    { saw: [1], value: 1 },
  ],
  { saw: [id], value: 1, more: 1 },
);

/** A good one with some keys missing, replaced, or one too many. */
function damaged(good: Readonly<Record<string, unknown>>): fc.Arbitrary<Json> {
  const keys = fc.constantFrom(...Object.keys(good), 'group', 'future', '$removed', '__proto__', 'Text');
  const changes = fc.array(fc.tuple(keys, fc.option(odd, { nil: undefined })), { maxLength: 3 });
  return changes.map((list) => {
    const value = new Map<string, unknown>(Object.entries(good));
    for (const [key, other] of list)
      if (other === undefined) value.delete(key);
      else value.set(key, other);
    return JSON.parse(JSON.stringify(Object.fromEntries(value))) as Json; // that is what comes of JSON
  });
}

describe('what is recognised without the schema', () => {
  it('is what our programs write', () => {
    expect(isUsualHead(head)).toBe(true);
    expect(isUsualHead({ ...head, group: id, future: { a: 1 } })).toBe(true);
    expect(areUsualFields(fields)).toBe(true);
    expect(areUsualFields({})).toBe(true);
  });

  it('the schema takes, and as it is', () => {
    let recognised = 0;
    fc.assert(
      fc.property(fc.oneof(damaged(head), odd), fc.oneof(damaged(fields), odd), (someHead, someFields) => {
        if (isUsualHead(someHead)) {
          recognised += 1;
          expect(changeHeadSchema.parse(someHead)).toEqual(someHead);
        }
        if (areUsualFields(someFields)) {
          recognised += 1;
          expect(changeFieldsSchema.parse(someFields)).toEqual(someFields);
        }
      }),
      { seed: 20261128, numRuns: 5_000 },
    );
    expect(recognised).toBeGreaterThan(1_000);
  });
});
