import { describe, expect, it } from 'vitest';
import { type ElectronMachine, findElectron } from './electronRuntime.ts';

const desktop = (...programs: string[]): ElectronMachine => ({
  platform: 'linux',
  env: { DISPLAY: ':0' },
  isProgram: (path) => programs.includes(path),
  isRoot: false,
});
const installed = '/checkout/node_modules/electron/dist/electron';

describe('the Electron runtime', () => {
  it('is used where it is installed', () => {
    expect(findElectron('/checkout', desktop(installed))).toEqual({ found: true, program: installed });
  });

  it('is used from where ELECTRON_OVERRIDE_DIST_PATH says', () => {
    const machine = {
      ...desktop('/opt/e/electron'),
      env: { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: '/opt/e' },
    };
    expect(findElectron('/checkout', machine)).toEqual({ found: true, program: '/opt/e/electron' });
  });

  it('has another name on macOS and Windows', () => {
    const mac = '/checkout/node_modules/electron/dist/Electron.app/Contents/MacOS/Electron';
    expect(findElectron('/checkout', { ...desktop(mac), platform: 'darwin' })).toMatchObject({
      program: mac,
    });
    const windows = '/checkout/node_modules/electron/dist/electron.exe';
    expect(findElectron('/checkout', { ...desktop(windows), platform: 'win32' })).toMatchObject({
      program: windows,
    });
  });

  it.each([
    [
      'none is installed',
      desktop(),
      /no Electron runtime is installed \(npx install-electron downloads it\)/,
    ],
    ['there is no display', { ...desktop(installed), env: {} }, /no display/],
    ['we are root', { ...desktop(installed), isRoot: true }, /does not run as root/],
  ])('is not used, and it is said why, when %s', (_case, machine, why) => {
    expect(findElectron('/checkout', machine)).toEqual({ found: false, why: expect.stringMatching(why) });
  });
});
