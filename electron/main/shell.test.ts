import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contentSecurityPolicy } from '../policy/csp.ts';
import { FakeFrame, type FakeOptions, fakeElectron, preventable } from './fakeElectron.test-support.ts';
import { idleLockAfterSeconds } from './power.ts';
import { startShell } from './shell.ts';
import type { Updater } from './updates.ts';

vi.setConfig({ testTimeout: 20_000 });

const index = '<!doctype html><title>TMA</title>';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let root: string;
const fakes: ReturnType<typeof fakeElectron>[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tma-shell-'));
  mkdirSync(join(root, 'renderer'));
  writeFileSync(join(root, 'renderer/index.html'), index);
  writeFileSync(join(root, 'workstation.json'), JSON.stringify(config()));
});
afterEach(() => {
  for (const fake of fakes.splice(0)) {
    fake.app.emit('will-quit', preventable());
    fake.killAll();
  }
  rmSync(root, { recursive: true });
});

const config = (more: Record<string, unknown> = {}) => ({
  service: { url: 'https://127.0.0.1:1', caPem: 'none' },
  ...more,
});

async function begin(options: Partial<FakeOptions> & { argv?: string[]; env?: Record<string, string> } = {}) {
  const fake = fakeElectron({ userData: join(root, 'user'), ...options });
  fakes.push(fake);
  mkdirSync(join(root, 'user'), { recursive: true });
  const periodic: (() => void)[] = [];
  const log: string[] = [];
  const updater = { calls: [] as string[] };
  await startShell({
    electron: fake.electron,
    assets: { '/index.html': hash(index) },
    paths: { rendererDir: join(root, 'renderer'), preload: '/app/preload.cjs', coreEntry: '/app/core.js' },
    process: {
      argv: options.argv ?? ['tma'],
      env: { TMA_CONFIG: join(root, 'workstation.json'), ...options.env },
      platform: 'linux',
      resourcesPath: root,
    },
    clock: {
      nowMs: () => performance.now(),
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      every: (_periodMs, run) => void periodic.push(run),
    },
    createUpdater: () => fakeUpdater(updater.calls),
    log: (event, fields) => log.push(`${event} ${JSON.stringify(fields ?? {})}`),
  });
  const [window] = fake.windows;
  const page = window?.webContents.mainFrame ?? new FakeFrame();
  return { ...fake, window, page, periodic, log, updates: updater.calls };
}

/** Tells the order in which the shell sets things, which is what matters about it. */
function fakeUpdater(calls: string[]): Updater {
  const updater = {
    setFeedURL: (feed: { url: string }) => calls.push(`feed ${feed.url}`),
    checkForUpdates: async () => void calls.push('check'),
    on: () => updater,
  };
  const kept = new Proxy(updater, {
    set: (_target, name, value) => {
      calls.push(`${String(name)} ${value}`);
      return true;
    },
  });
  return kept as unknown as Updater;
}

async function open() {
  const shell = await begin();
  shell.connect(shell.page);
  await shell.page.session({ phase: 'locked' });
  return shell;
}

describe('start', () => {
  test('is the only one, sandboxed and with its scheme before anything else happens', async () => {
    const { calls, window } = await begin();
    expect(calls.slice(0, 5)).toEqual([
      'single',
      'sandbox',
      'scheme',
      'ready',
      'session tma {"cache":false}',
    ]);
    expect(window?.webContents.loaded).toEqual(['app://tma/']);
  });

  test('E01 E13 makes the window as the policy says', async () => {
    const { window } = await begin({ packaged: true });
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
    const fake = await begin({
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
    const second = await begin({ first: false });
    expect(second.app.ended).toBe(true);
    expect(second.calls).toEqual(['single']);
    const first = await begin();
    if (first.window !== undefined) first.window.minimized = true;
    first.app.emit('second-instance', {}, ['tma', '--inspect']);
    expect(first.window?.did).toEqual(['restore', 'focus']);
  });

  test.each(['', '{', '{}', JSON.stringify(config({ service: { url: 'http://x', caPem: 'y' } }))])(
    'says that its configuration is damaged and ends: %s',
    async (text) => {
      writeFileSync(join(root, 'workstation.json'), text);
      const { app, shown, windows } = await begin();
      expect(app.exitCode).toBe(78);
      expect(shown[0]?.content).toContain('workstation.json');
      expect(windows).toEqual([]);
    },
  );

  test('takes the place of its configuration from nobody once packaged', async () => {
    writeFileSync(
      join(root, 'other.json'),
      JSON.stringify(config({ updates: { url: 'https://evil', channel: 'x' } })),
    );
    const { updates } = await begin({ packaged: true, env: { TMA_CONFIG: join(root, 'other.json') } });
    expect(updates).toEqual([]);
  });
});

describe('attacks from the page', () => {
  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'E05 %s is prevented',
    async (name) => {
      const { window } = await begin();
      const event = preventable();
      window?.webContents.emit(name, event, 'https://example.org/');
      expect(event.prevented).toBe(true);
    },
  );

  test('E05 a new window is never opened, and the browser only for a listed host after asking', async () => {
    writeFileSync(join(root, 'workstation.json'), JSON.stringify(config({ externalHosts: ['www.bka.de'] })));
    const refusing = await begin({ pressed: 0 });
    const agreeing = await begin({ pressed: 1 });
    for (const { window } of [refusing, agreeing]) {
      for (const url of ['https://www.bka.de/', 'https://example.org/', 'file:///etc/passwd']) {
        expect(window?.webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
      }
    }
    await new Promise(setImmediate);
    expect(refusing.opened).toEqual([]);
    expect(agreeing.opened).toEqual(['https://www.bka.de/']);
  });

  test('E06 every permission, device and download is refused, however it is asked for', async () => {
    const { session } = await begin();
    const answers: unknown[] = [];
    const details = { requestingUrl: 'app://tma/' };
    session.ask('permission request', {}, 'media', (granted: boolean) => answers.push(granted), details);
    answers.push(session.ask('permission check', {}, 'clipboard-read', 'app://tma', {}));
    answers.push(session.ask('device', { deviceType: 'usb' }));
    session.ask('bluetooth', {}, ({ confirmed }: { confirmed: boolean }) => answers.push(confirmed));
    session.ask('display', {}, (streams: object) => answers.push(Object.keys(streams).length > 0));
    expect(answers).toEqual([false, false, false, false, false]);
    for (const name of ['will-download', 'select-usb-device', 'select-hid-device', 'select-serial-port']) {
      const event = preventable();
      session.emit(name, event);
      expect(event.prevented).toBe(true);
    }
  });

  test('E07 no certificate is accepted and none is offered', async () => {
    const { app, session } = await begin();
    const answers: unknown[] = [];
    const event = preventable();
    app.emit('certificate-error', event, {}, 'https://x', 'e', {}, (accepted: boolean) =>
      answers.push(accepted),
    );
    app.emit('select-client-certificate', event, {}, 'https://x', [], (chosen?: unknown) =>
      answers.push(chosen),
    );
    session.ask('certificate', {}, (result: number) => answers.push(result));
    expect(answers).toEqual([false, undefined, -2]);
  });

  test('E08 requests that leave are cancelled', async () => {
    const { session } = await begin();
    const cancelled = (url: string) =>
      new Promise((resolve) => session.ask('request', { url }, (answer: unknown) => resolve(answer)));
    expect(await cancelled('https://example.org/')).toEqual({ cancel: true });
    expect(await cancelled('app://tma/index.html')).toEqual({ cancel: false });
  });

  test('E02 E03 the renderer is served with its policy, and not at all once a file was altered', async () => {
    const { session, log } = await begin();
    const get = (path: string, method = 'GET') =>
      session.ask('protocol app', { url: `app://tma${path}`, method }) as Promise<Response>;
    const page = await get('/cases/1');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe(index);
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy());
    expect((await get('/missing.js')).status).toBe(404);
    expect((await get('/', 'POST')).status).toBe(405);
    expect(
      (await (session.ask('protocol app', { url: 'app://other/', method: 'GET' }) as Promise<Response>))
        .status,
    ).toBe(404);
    writeFileSync(join(root, 'renderer/index.html'), `${index}<script src="evil.js"></script>`);
    expect((await get('/')).status).toBe(404);
    expect(log).toContain('asset.altered {"path":"/index.html"}');
  });

  test('E09 only the main frame of our own page is given a port', async () => {
    const shell = await open();
    const embedded = Object.assign(new FakeFrame(), { parent: {} });
    const foreign = new FakeFrame('https://example.org/');
    const other = new FakeFrame('app://other/');
    for (const frame of [embedded, foreign, other, null]) shell.connect(frame);
    await shell.page.call('session.get');
    for (const frame of [embedded, foreign, other]) expect(frame.notices).toEqual([]);
    expect(shell.log.filter((line) => line.startsWith('connect.refused'))).toHaveLength(4);
  });

  test('E09 a page that was replaced since it asked gets no further port', async () => {
    const { page, cores } = await open();
    await page.call('session.unlock', { passphrase: 'x' });
    page.url = 'https://example.org/';
    const before = page.notices.length;
    page.port?.postMessage({ type: 'call', id: 99, procedure: 'session.lock', input: {} });
    await vi.waitUntil(() => cores.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(page.notices).toHaveLength(before);
  });
});

describe('the case process', () => {
  test('is started without the variables that could weaken it, and without its output kept', async () => {
    const { cores } = await begin({ env: { NODE_OPTIONS: '--inspect', HTTPS_PROXY: 'x', HOME: '/home/x' } });
    expect(cores[0]?.how).toMatchObject({
      entry: '/app/core.js',
      stdio: 'ignore',
      env: { HOME: '/home/x' },
      execArgv: [],
    });
  });

  test('answers the page over a port of their own', async () => {
    const { page, cores } = await open();
    const passed: unknown[] = [];
    cores[0]?.on('message', (message) => passed.push(message));
    expect(await page.call('session.get')).toMatchObject({ type: 'value', value: { phase: 'locked' } });
    // Nothing of the call or its answer came through the main process.
    expect(passed).toEqual([]);
  });

  test('kill -9 is followed by a fresh, locked one, and the person is told', async () => {
    const { page, cores, window } = await open();
    await page.call('session.unlock', { passphrase: 'x' });
    cores[0]?.kill();
    await page.session({ phase: 'locked', notice: 'crashed' });
    expect(page.notices.map(({ state }) => state)).toEqual(['open', 'gone', 'open']);
    expect(window?.webContents.loaded).toHaveLength(1);
  });

  test.each(['suspend', 'lock-screen', 'user-did-resign-active'])('is locked on %s', async (name) => {
    const { page, powerMonitor, cores } = await open();
    await page.call('session.unlock', { passphrase: 'x' });
    powerMonitor.emit(name);
    await page.until(() => (page.notices.length >= 4 ? true : undefined));
    expect(page.notices.map(({ state }) => state)).toEqual(['open', 'hold', 'gone', 'open']);
    expect(cores).toHaveLength(2);
    expect(await page.call('session.get')).toMatchObject({ value: { phase: 'locked' } });
  });

  test('is locked when nothing was touched for a while', async () => {
    const { page, powerMonitor, periodic, cores } = await open();
    await page.call('session.unlock', { passphrase: 'x' });
    powerMonitor.idleSeconds = idleLockAfterSeconds - 1;
    for (const run of periodic) run();
    expect(await page.call('session.get')).toMatchObject({ value: { phase: 'unlocked' } });
    powerMonitor.idleSeconds = idleLockAfterSeconds;
    for (const run of periodic) run();
    await vi.waitUntil(() => cores.length === 2);
  });

  test('is closed in good order before the program ends', async () => {
    const { app, page, cores } = await open();
    await page.call('session.unlock', { passphrase: 'x' });
    app.emit('window-all-closed');
    expect(app.ended).toBe(false);
    await vi.waitUntil(() => app.ended);
    expect(cores[0]?.child.exitCode).toBe(0);
    expect(cores).toHaveLength(1);
  });
});

describe('the keystore', () => {
  test('keeps secrets encrypted by the system, over the end of the process', async () => {
    const { page } = await open();
    await page.call('session.unlock', { passphrase: 'remember' });
    expect(await page.call('session.unlock', { passphrase: 'recall' })).toMatchObject({ type: 'value' });
    const file = JSON.parse(readFileSync(join(root, 'user/keystore.json'), 'utf8')) as Record<string, string>;
    expect(Object.keys(file)).toEqual(['test']);
    expect(Buffer.from(file.test ?? '', 'base64').toString()).not.toContain('AQID');
  });

  test.each(['basic_text', 'unknown'])('is refused where it is none: %s', async (keystore) => {
    const shell = await begin({ keystore });
    shell.connect(shell.page);
    await shell.page.session({ phase: 'locked' });
    expect(await shell.page.call('session.unlock', { passphrase: 'remember' })).toMatchObject({
      type: 'error',
      error: { code: 'vault.secret-missing', params: { backend: keystore } },
    });
    expect(existsSync(join(root, 'user/keystore.json'))).toBe(false);
  });

  test('that does not give a secret back is not taken for an empty one', async () => {
    mkdirSync(join(root, 'user'), { recursive: true });
    writeFileSync(join(root, 'user/keystore.json'), '{"test":');
    const { page } = await open();
    expect(await page.call('session.unlock', { passphrase: 'recall' })).toMatchObject({
      error: { code: 'vault.secret-missing' },
    });
    expect(readFileSync(join(root, 'user/keystore.json'), 'utf8')).toBe('{"test":');
  });
});

describe('the window', () => {
  test('opens where it was, if that is still on a screen', async () => {
    const first = await begin();
    first.window?.emit('close');
    const second = await begin();
    expect(second.window?.made).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 });
    writeFileSync(
      join(root, 'user/window.json'),
      JSON.stringify({ x: 5_000, y: 20, width: 1000, height: 700, maximized: false }),
    );
    const third = await begin();
    expect(third.window?.made.x).toBeUndefined();
  });

  test('loads its page again when the renderer crashed', async () => {
    const { window } = await begin();
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window?.webContents.loaded).toEqual(['app://tma/', 'app://tma/']);
  });
});

describe('updates', () => {
  const updates = { url: 'https://updates.example.org/tma', channel: 'latest' };

  test('are off unless the installation names where they come from, and always unpackaged', async () => {
    expect((await begin({ packaged: true })).updates).toEqual([]);
    writeFileSync(join(root, 'workstation.json'), JSON.stringify(config({ updates })));
    expect((await begin()).updates).toEqual([]);
  });

  test('E17 refuse to go back, which is set after the channel because the channel would allow it', async () => {
    writeFileSync(join(root, 'workstation.json'), JSON.stringify(config({ updates })));
    const { updates: calls, periodic } = await begin({ packaged: true });
    expect(calls).toContain('feed https://updates.example.org/tma');
    expect(calls.indexOf('allowDowngrade false')).toBeGreaterThan(calls.indexOf('channel latest'));
    expect(calls.at(-1)).toBe('check');
    for (const run of periodic) run();
    expect(calls.filter((call) => call === 'check')).toHaveLength(2);
  });
});
