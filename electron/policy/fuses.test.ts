import { expect, test } from 'vitest';
import { fuses, strictlyRequireAllFuses } from './fuses.ts';

test('E11 fuses let nobody run, debug or replace the packaged program, and none is left to its default', () => {
  const on = Object.entries(fuses)
    .filter(([, state]) => state)
    .map(([name]) => name);
  expect(on).toEqual([
    'EnableCookieEncryption',
    'EnableEmbeddedAsarIntegrityValidation',
    'OnlyLoadAppFromAsar',
  ]);
  expect(strictlyRequireAllFuses).toBe(true);
});
