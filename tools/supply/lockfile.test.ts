import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { licenceAllows } from './licences.ts';
import { type AllowScripts, faultsOf, type Lockfile, lockfileSchema } from './lockfile.ts';

const good = { version: '1.0.0', integrity: 'sha512-AAAA', license: 'MIT' };

function lockWith(one: Lockfile['packages'][string], allow: AllowScripts = {}): readonly string[] {
  return faultsOf({ lockfileVersion: 3, packages: { '': {}, 'node_modules/planted': one } }, allow);
}

describe('E18 the supply chain', () => {
  test('of this project has no fault', () => {
    const project = join(import.meta.dirname, '../..');
    const read = (file: string) => JSON.parse(readFileSync(join(project, file), 'utf8'));
    const { allowScripts } = read('package.json') as { allowScripts: AllowScripts };
    expect(faultsOf(lockfileSchema.parse(read('package-lock.json')), allowScripts)).toEqual([]);
  });

  test('takes a package from the registry, with its hash, under a licence we take', () => {
    expect(lockWith(good)).toEqual([]);
  });

  test.each([
    'git+ssh://git@github.com/a/b.git#0a',
    'http://packages.example/planted',
    'https://packages.example/planted/-/planted-1.0.0.tgz',
    'file:../planted',
  ])('finds one that comes from elsewhere: %s', (resolved) => {
    expect(lockWith({ ...good, resolved })).toEqual([expect.stringContaining('not from the registry')]);
  });

  test('finds one without a hash, with a weak one, and one that is linked', () => {
    const { integrity: _, ...hashless } = good;
    expect(lockWith(hashless)).toEqual(['planted: has no hash']);
    expect(lockWith({ ...hashless, inBundle: true })).toEqual([]);
    expect(lockWith({ ...good, integrity: 'sha1-AAAA' })).toEqual([
      'planted: has a hash weaker than SHA-512',
    ]);
    expect(lockWith({ ...good, link: true })).toEqual([expect.stringContaining('a link')]);
  });

  test('finds installation scripts nobody decided on, and decisions about nothing', () => {
    const scripted = { ...good, hasInstallScript: true };
    expect(lockWith(scripted)).toEqual([expect.stringContaining('installation scripts')]);
    expect(lockWith(scripted, { planted: false })).toEqual([]);
    expect(lockWith(good, { gone: true })).toEqual([expect.stringContaining('is not installed')]);
  });

  test.each([
    ['GPL-3.0-only', false, false],
    ['AGPL-3.0-or-later', false, false],
    ['SEE LICENSE IN LICENSE', false, false],
    ['UNLICENSED', false, false],
    ['none', false, false],
    ['MPL-2.0', false, true],
    ['MIT', true, true],
    ['(MIT OR GPL-3.0-or-later)', true, true],
    ['MIT AND GPL-3.0-only', false, false],
    ['(MIT AND Zlib)', false, false],
  ])('takes %s for what is shipped: %s, for the workshop: %s', (licence, shipped, workshop) => {
    expect([licenceAllows(licence, 'shipped'), licenceAllows(licence, 'workshop')]).toEqual([
      shipped,
      workshop,
    ]);
  });
});
