import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LogValue, logRecord, withheld } from './logRecord.ts';

const canary = 'Jana Beck threatened, SELECT * FROM people WHERE name = ?';

describe('E15 the log', () => {
  test('has what helps to find a defect', () => {
    const places = ['core/vault/vault.ts:12:3', 'node:internal/process/task_queues:105:5'];
    expect(logRecord('core.defect', { name: 'TypeError', places })).toEqual({ name: 'TypeError', places });
    expect(logRecord('start.refused', { names: ['--inspect', 'NODE_OPTIONS'] })).toEqual({
      names: ['--inspect', 'NODE_OPTIONS'],
    });
    expect(logRecord('asset.altered', { path: '/assets/index-Bx1.js' })).toEqual({
      path: '/assets/index-Bx1.js',
    });
  });

  test('knows no event but those of the list', () => {
    for (const event of [canary, '', '__proto__', 'constructor', 'case.opened']) {
      expect(logRecord(event, {})).toBeNull();
    }
  });

  test('leaves fields out that the event does not have', () => {
    expect(logRecord('core.failed', { message: canary, stack: canary })).toEqual({});
    expect(logRecord('core.defect', { name: 'Error', message: canary })).toEqual({ name: 'Error' });
  });

  test.each([
    canary,
    'SqliteError: no such column',
    '/home/jana.beck/cases/vault.db',
    'https://service.example/v1/cases/7',
    'file:///C:/Users/jana/x.js:1:1',
  ])('withholds what does not look as it should: %s', (value) => {
    expect(logRecord('core.defect', { name: value, places: [value, 'a.ts:1:1'] })).toEqual({
      name: withheld,
      places: [withheld, 'a.ts:1:1'],
    });
  });

  test('lets no sentence out, whatever it is given', () => {
    const value: fc.Arbitrary<LogValue> = fc.oneof(
      fc.string(),
      fc.string().map((text) => `${text}${canary}`),
      fc.array(fc.string()),
      fc.integer(),
    );
    const names = fc.constantFrom('name', 'places', 'reason', 'path', 'names', 'message');
    const event = fc.constantFrom('core.defect', 'start.refused', 'asset.altered', 'renderer.gone');
    fc.assert(
      fc.property(event, fc.dictionary(names, value), (which, fields) => {
        for (const written of Object.values(logRecord(which, fields) ?? {}).flat()) {
          expect(String(written)).not.toMatch(/\s(?!\()|[?*=<>"']/);
        }
      }),
      { seed: 15, numRuns: 2_000 },
    );
  });
});
