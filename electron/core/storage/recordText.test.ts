import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeId, DeviceId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import type { Head, RecordState } from '../../../shared/sync/merge.ts';
import { decodeState, encodeState } from './recordText.ts';

const changes = fc.constantFrom('c1', 'c2', 'c3') as fc.Arbitrary<ChangeId>;
const devices = { c1: 'd1', c2: 'd2', c3: 'd1' } as const;
const value = fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)) as Json);
const head: fc.Arbitrary<Head> = fc
  .record({ change: changes, value, saw: fc.option(fc.array(changes), { nil: undefined }) })
  .map(({ change, value, saw }) => {
    const device = devices[change as keyof typeof devices] as string as DeviceId;
    const base: Head = { change, device, at: [Number(change.slice(1)), 0], value };
    return saw === undefined ? base : { ...base, saw };
  });
const names = fc.stringMatching(/^[a-z][A-Za-z]{0,8}$/).filter((name) => !(name in {}));
const heads = fc.dictionary(names, fc.array(head, { maxLength: 3 }), { noNullPrototype: true });
const state: fc.Arbitrary<RecordState> = fc.record({
  kind: fc.constant('person'),
  registers: heads,
  sets: fc.dictionary(names, heads, { noNullPrototype: true }),
});

describe('the stored form of a record', () => {
  it('gives back exactly the state it was made from', () => {
    fc.assert(
      fc.property(state, (one) => {
        expect(decodeState(one.kind, encodeState(one))).toEqual(one);
      }),
      { seed: 20261123, numRuns: 300 },
    );
  });

  it('names a change once, however many fields it wrote', () => {
    const one = { change: 'c1' as ChangeId, device: 'd1' as DeviceId, at: [1, 0] as const, value: 'x' };
    const text = encodeState({ kind: 'person', registers: { name: [one], note: [one] }, sets: {} });
    expect(text.match(/c1/g)).toHaveLength(1);
  });
});
