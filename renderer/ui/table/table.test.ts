import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, nextSort, rowHeaderId, sortRows } from './columns.ts';
import { rowAfterKey } from './rowKeys.ts';

describe('sorting a table', () => {
  const byName = (name: string | null) => name;

  it('follows the alphabet of the language and the size of numbers in names', () => {
    const sorted = sortRows(
      ['Werk 10', 'Ärzte', 'Zug', 'Werk 2', 'Azubi'],
      { by: byName, direction: 'ascending' },
      'de',
    );
    expect(sorted).toEqual(['Ärzte', 'Azubi', 'Werk 2', 'Werk 10', 'Zug']);
  });

  it('puts what has no value last in both directions', () => {
    const rows = [null, 'b', 'a'];
    expect(sortRows(rows, { by: byName, direction: 'ascending' }, 'de')).toEqual(['a', 'b', null]);
    expect(sortRows(rows, { by: byName, direction: 'descending' }, 'de')).toEqual(['b', 'a', null]);
  });

  it('goes from ascending to descending to the order before', () => {
    const up = nextSort(null, 'due');
    const down = nextSort(up, 'due');
    expect([up?.direction, down?.direction, nextSort(down, 'due')]).toEqual([
      'ascending',
      'descending',
      null,
    ]);
    expect(nextSort(down, 'case')).toEqual({ column: 'case', direction: 'ascending' });
  });

  it('names a row by its first column unless another says so', () => {
    const column = (id: string): Column<null> => ({ id, header: id, cell: () => null });
    expect(rowHeaderId([column('a'), column('b')])).toBe('a');
    expect(rowHeaderId([column('a'), { ...column('b'), isRowHeader: true }])).toBe('b');
  });
});

describe('moving through rows by keyboard', () => {
  it('never leaves the table', () => {
    const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End');
    fc.assert(
      fc.property(keys, fc.nat(9_999), fc.integer({ min: 1, max: 10_000 }), (key, at, count) => {
        const to = rowAfterKey(key, Math.min(at, count - 1), { count, perPage: 12 });
        expect(to).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThan(count);
      }),
      { seed: 20261123 },
    );
  });

  it('leaves other keys to the screen', () => {
    expect(rowAfterKey('1', 0, { count: 8, perPage: 4 })).toBeUndefined();
  });
});
