import { describe, expect, it } from 'vitest';
import { findBrowser, hasDisplay, type Machine } from './browsers.ts';

const machine = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, ...programs: string[]): Machine => ({
  platform,
  env,
  isProgram: (path) => programs.includes(path),
});

describe('the browser of this machine', () => {
  it('is found on the path of Linux, Chrome before others', () => {
    const linux = machine(
      'linux',
      { PATH: '/usr/bin:/opt/bin' },
      '/usr/bin/chromium',
      '/opt/bin/google-chrome',
    );
    expect(findBrowser(linux)).toBe('/opt/bin/google-chrome');
  });

  it('is found where macOS and Windows keep it', () => {
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser(machine('darwin', {}, chrome))).toBe(chrome);
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    expect(findBrowser(machine('win32', { 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' }, edge))).toBe(
      edge,
    );
  });

  it('can be chosen', () => {
    const linux = machine(
      'linux',
      { PATH: '/usr/bin', TMA_BROWSER: '/my/chrome' },
      '/usr/bin/chromium',
      '/my/chrome',
    );
    expect(findBrowser(linux)).toBe('/my/chrome');
  });

  it('may be missing', () => {
    expect(findBrowser(machine('linux', {}))).toBeUndefined();
  });

  it('can show a window only where there is a display', () => {
    expect(hasDisplay(machine('linux', {}))).toBe(false);
    expect(hasDisplay(machine('linux', { DISPLAY: ':0' }))).toBe(true);
    expect(hasDisplay(machine('linux', { WAYLAND_DISPLAY: 'wayland-0' }))).toBe(true);
    expect(hasDisplay(machine('darwin', {}))).toBe(true);
    expect(hasDisplay(machine('darwin', { SSH_CONNECTION: '10.0.0.1' }))).toBe(false);
  });
});
