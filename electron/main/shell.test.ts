import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { preventable } from './fakeElectron.test-support.ts';
import { idleLockAfterSeconds } from './power.ts';
import { config, shellBench } from './shellBench.test-support.ts';

vi.setConfig({ testTimeout: 20_000 });

let bench: ReturnType<typeof shellBench>;
beforeEach(() => {
  bench = shellBench();
});
afterEach(() => bench.end());

describe('start', () => {
  test('is the only one, sandboxed and with its scheme before anything else happens', async () => {
    const { calls, window } = await bench.begin();
    expect(calls.slice(0, 6)).toEqual([
      'single',
      'sandbox',
      'scheme',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      'ready',
      'session tma {"cache":false}',
    ]);
    expect(window?.webContents.loaded).toEqual(['app://tma/']);
  });

  test('E01 E13 makes the window as the policy says', async () => {
    const { window } = await bench.begin({ packaged: true });
    expect(window?.made).toMatchObject({ title: 'TMA Workstation', show: false });
    expect(window?.made.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      devTools: false,
    });
    expect(window?.contentProtection).toBe(true);
    const renamed = preventable();
    window?.emit('page-title-updated', renamed);
    expect(renamed.prevented).toBe(true);
  });

  test('E12 a packaged program started for debugging ends before it reads or locks anything', async () => {
    const fake = await bench.begin({
      packaged: true,
      argv: ['tma', '--remote-debugging-port=9222'],
      locale: 'de-DE',
    });
    expect(fake.app.exitCode).toBe(64);
    expect(fake.calls).toEqual([]);
    expect(fake.shown[0]?.content).toContain('--remote-debugging-port');
    expect(fake.shown[0]?.title).toBe('Die Workstation kann nicht starten');
  });

  test('E16 a second program opens nothing and shows the first', async () => {
    const second = await bench.begin({ first: false });
    expect(second.app.ended).toBe(true);
    expect(second.calls).toEqual(['single']);
    const first = await bench.begin();
    if (first.window !== undefined) first.window.minimized = true;
    first.app.emit('second-instance', {}, ['tma', '--inspect']);
    expect(first.window?.did).toEqual(['restore', 'focus']);
  });

  test.each(['', '{', '{}', JSON.stringify(config({ service: { url: 'http://x', caPem: 'y' } }))])(
    'says that its configuration is damaged and ends: %s',
    async (text) => {
      writeFileSync(join(bench.root, 'workstation.json'), text);
      const { app, shown, windows } = await bench.begin();
      expect(app.exitCode).toBe(78);
      expect(shown[0]?.content).toContain('workstation.json');
      expect(windows).toEqual([]);
    },
  );

  test('takes the place of its configuration from nobody once packaged', async () => {
    writeFileSync(
      join(bench.root, 'other.json'),
      JSON.stringify(config({ updates: { url: 'https://evil', channel: 'x' } })),
    );
    const { updates } = await bench.begin({
      packaged: true,
      env: { TMA_CONFIG: join(bench.root, 'other.json') },
    });
    expect(updates).toEqual([]);
  });
});

describe('the case process', () => {
  test('is started without the variables that could weaken it, and without its output kept', async () => {
    const { cores } = await bench.begin({
      env: { NODE_OPTIONS: '--inspect', HTTPS_PROXY: 'x', HOME: '/home/x' },
    });
    expect(cores[0]?.how).toMatchObject({
      entry: '/app/core.js',
      stdio: 'ignore',
      env: { HOME: '/home/x' },
      execArgv: [],
    });
  });

  test('answers the page over a port of their own', async () => {
    const { page, cores } = await bench.open();
    const passed: unknown[] = [];
    cores[0]?.on('message', (message) => passed.push(message));
    expect(await page.call('session.get')).toMatchObject({ type: 'value', value: { phase: 'locked' } });
    // Nothing of the call or its answer came through the main process.
    expect(passed).toEqual([]);
  });

  test('kill -9 is followed by a fresh, locked one, and the person is told', async () => {
    const { page, cores, reopened } = await bench.open();
    await page.call('session.unlock', { passphrase: 'x' });
    cores[0]?.kill();
    const next = await reopened();
    await next.session({ phase: 'locked', notice: 'crashed' });
    expect(page.notices.map(({ state }) => state)).toEqual(['open', 'gone']);
  });

  test('that crashes before it was opened leaves the page as it is', async () => {
    const { page, cores, window } = await bench.open();
    cores[0]?.kill();
    await page.session({ phase: 'locked', notice: 'crashed' });
    expect(page.notices.map(({ state }) => state)).toEqual(['open', 'gone', 'open']);
    expect(window?.webContents.loaded).toHaveLength(1);
  });

  test.each(['suspend', 'lock-screen', 'user-did-resign-active'])('is locked on %s', async (name) => {
    const { page, powerMonitor, cores, reopened } = await bench.open();
    await page.call('session.unlock', { passphrase: 'x' });
    powerMonitor.emit(name);
    const next = await reopened();
    expect(page.notices.map(({ state }) => state)).toEqual(['open', 'hold', 'gone']);
    await next.session({ phase: 'locked' });
    expect(cores).toHaveLength(2);
    expect(await next.call('session.get')).toMatchObject({ value: { phase: 'locked' } });
  });

  test('is locked when nothing was touched for a while', async () => {
    const { page, powerMonitor, periodic, cores } = await bench.open();
    await page.call('session.unlock', { passphrase: 'x' });
    powerMonitor.idleSeconds = idleLockAfterSeconds - 1;
    for (const run of periodic) run();
    expect(await page.call('session.get')).toMatchObject({ value: { phase: 'unlocked' } });
    powerMonitor.idleSeconds = idleLockAfterSeconds;
    for (const run of periodic) run();
    await vi.waitUntil(() => cores.length === 2, { timeout: 15_000 });
  });

  test('is closed in good order before the program ends', async () => {
    const { app, page, cores } = await bench.open();
    await page.call('session.unlock', { passphrase: 'x' });
    app.emit('window-all-closed');
    expect(app.ended).toBe(false);
    await vi.waitUntil(() => app.ended, { timeout: 15_000 });
    expect(cores[0]?.child.exitCode).toBe(0);
    expect(cores).toHaveLength(1);
  });
});

describe('the keystore', () => {
  test('keeps secrets encrypted by the system, over the end of the process', async () => {
    const { page } = await bench.open();
    await page.call('session.unlock', { passphrase: 'remember' });
    expect(await page.call('session.unlock', { passphrase: 'recall' })).toMatchObject({ type: 'value' });
    const file = JSON.parse(readFileSync(join(bench.root, 'user/keystore.json'), 'utf8')) as Record<
      string,
      string
    >;
    expect(Object.keys(file)).toEqual(['test']);
    expect(Buffer.from(file.test ?? '', 'base64').toString()).not.toContain('AQID');
  });

  test.each(['basic_text', 'unknown'])('is refused where it is none: %s', async (keystore) => {
    const shell = await bench.begin({ keystore });
    shell.connect(shell.page);
    await shell.page.session({ phase: 'locked' });
    expect(await shell.page.call('session.unlock', { passphrase: 'remember' })).toMatchObject({
      type: 'error',
      error: { code: 'vault.secret-missing', params: { backend: keystore } },
    });
    expect(existsSync(join(bench.root, 'user/keystore.json'))).toBe(false);
  });

  test('that does not give a secret back is not taken for an empty one', async () => {
    writeFileSync(join(bench.root, 'user/keystore.json'), '{"test":');
    const { page } = await bench.open();
    expect(await page.call('session.unlock', { passphrase: 'recall' })).toMatchObject({
      error: { code: 'vault.secret-missing' },
    });
    expect(readFileSync(join(bench.root, 'user/keystore.json'), 'utf8')).toBe('{"test":');
  });
});

describe('the window', () => {
  test('opens where it was, if that is still on a screen', async () => {
    const first = await bench.begin();
    first.window?.emit('close');
    const second = await bench.begin();
    expect(second.window?.made).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 });
    writeFileSync(
      join(bench.root, 'user/window.json'),
      JSON.stringify({ x: 5_000, y: 20, width: 1000, height: 700, maximized: false }),
    );
    const third = await bench.begin();
    expect(third.window?.made.x).toBeUndefined();
  });

  test('loads its page again when the renderer crashed', async () => {
    const { window } = await bench.begin();
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window?.webContents.loaded).toEqual(['app://tma/', 'app://tma/']);
  });
});
