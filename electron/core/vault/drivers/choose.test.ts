import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TmaError } from '../../../../shared/errors.ts';
import { loadableDrivers, temporaryFolder } from '../testing.ts';
import { chooseDriver } from './choose.ts';
import { loadLibrary } from './sqlcipherLibrary.ts';

describe('choosing the driver', () => {
  it('takes multiple-ciphers unless the other one is asked for', () => {
    expect(chooseDriver()).toMatchObject({ driver: { name: 'multiple-ciphers' } });
    expect(chooseDriver('multiple-ciphers').driver.name).toBe('multiple-ciphers');
  });

  it.runIf(loadableDrivers().length > 1)('takes sqlcipher when asked for and compiled', () => {
    expect(chooseDriver('sqlcipher')).toMatchObject({ driver: { name: 'sqlcipher' } });
  });

  it('uses the other one and says so where sqlcipher was not compiled', () => {
    const choice = chooseDriver('sqlcipher', () => {
      throw new TmaError('vault.driver-missing', { driver: 'sqlcipher' });
    });
    expect(choice.driver.name).toBe('multiple-ciphers');
    expect(choice.missing).toMatchObject({ code: 'vault.driver-missing', params: { driver: 'sqlcipher' } });
  });

  it.each([
    ['not installed', undefined],
    ['not compiled', `throw new Error('Could not locate the bindings file')`],
  ])('says vault.driver-missing when the package is %s', (_case, source) => {
    using folder = temporaryFolder();
    if (source !== undefined) {
      const module = join(folder.path, 'node_modules', '@journeyapps', 'sqlcipher');
      mkdirSync(module, { recursive: true });
      writeFileSync(join(module, 'index.js'), source);
    }
    const load = createRequire(join(folder.path, 'start.js'));
    expect(() => loadLibrary(load)).toThrow(expect.objectContaining({ code: 'vault.driver-missing' }));
  });

  it('does not load the optional library unless it is asked for', () => {
    const script = `
      await import(${JSON.stringify(new URL('../vault.ts', import.meta.url).href)});
      const loaded = process.report.getReport().sharedObjects.filter((path) => path.includes('sqlcipher'));
      process.stdout.write(JSON.stringify(loaded));`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe(
      '[]',
    );
  });
});
