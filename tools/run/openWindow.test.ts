import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive } from '../support/processes.ts';
import { openWindow } from './openWindow.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tma-window-'));
  vi.stubEnv('WAYLAND_DISPLAY', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

/** A program where a browser is expected, that notes how it was started and stays. */
function browser(): string {
  const file = join(dir, 'browser');
  writeFileSync(file, `#!/bin/sh\necho "$$ $*" > ${join(dir, 'started')}\nexec sleep 60\n`);
  chmodSync(file, 0o755);
  return file;
}

async function started(): Promise<string> {
  await vi.waitUntil(
    () => existsSync(join(dir, 'started')) && readFileSync(join(dir, 'started'), 'utf8') !== '',
  );
  return readFileSync(join(dir, 'started'), 'utf8');
}

describe('the window of the preview', () => {
  it('is a browser window with a profile of its own, and closes with what opened it', async () => {
    vi.stubEnv('DISPLAY', ':99');
    vi.stubEnv('TMA_BROWSER', browser());
    const window = await openWindow('http://127.0.0.1:1/?token=x', join(dir, 'profile'));
    const [pid, ...args] = (await started()).trim().split(' ');
    expect(args).toContain('--app=http://127.0.0.1:1/?token=x');
    expect(args).toContain(`--user-data-dir=${join(dir, 'profile')}`);
    expect(isAlive(Number(pid))).toBe(true);
    if (window.shown) await window.close();
    expect(isAlive(Number(pid))).toBe(false);
  });

  it('is not opened where there is no display, which is said', async () => {
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('TMA_BROWSER', browser());
    expect(await openWindow('http://127.0.0.1:1/', dir)).toEqual({
      shown: false,
      why: 'there is no display',
    });
    expect(existsSync(join(dir, 'started'))).toBe(false);
  });

  it('is not opened without a browser, which is said', async () => {
    vi.stubEnv('DISPLAY', ':99');
    vi.stubEnv('PATH', dir);
    vi.stubEnv('TMA_BROWSER', '');
    expect(await openWindow('http://127.0.0.1:1/', dir)).toMatchObject({
      why: expect.stringMatching(/no Chrome/),
    });
  });
});
