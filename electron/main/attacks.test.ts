import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contentSecurityPolicy } from '../policy/csp.ts';
import { FakeFrame, preventable } from './fakeElectron.test-support.ts';
import { config, indexPage, shellBench } from './shellBench.test-support.ts';

vi.setConfig({ testTimeout: 20_000 });

let bench: ReturnType<typeof shellBench>;
beforeEach(() => {
  bench = shellBench();
});
afterEach(() => bench.end());

describe('attacks from the page', () => {
  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'E05 %s is prevented',
    async (name) => {
      const { window } = await bench.begin();
      const event = preventable();
      window?.webContents.emit(name, event, 'https://example.org/');
      expect(event.prevented).toBe(true);
    },
  );

  test('E05 a new window is never opened, and the browser only for a listed host after asking', async () => {
    writeFileSync(
      join(bench.root, 'workstation.json'),
      JSON.stringify(config({ externalHosts: ['www.bka.de'] })),
    );
    const refusing = await bench.begin({ pressed: 0 });
    const agreeing = await bench.begin({ pressed: 1 });
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
    const { session } = await bench.begin();
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
    const { app, session } = await bench.begin();
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
    const { session } = await bench.begin();
    const cancelled = (url: string) =>
      new Promise((resolve) => session.ask('request', { url }, (answer: unknown) => resolve(answer)));
    expect(await cancelled('https://example.org/')).toEqual({ cancel: true });
    expect(await cancelled('app://tma/index.html')).toEqual({ cancel: false });
  });

  test('E08 hints of a page, which are no requests, lead nowhere', async () => {
    const { session, window, calls } = await bench.begin();
    expect(calls).toContain('--host-resolver-rules=MAP * ~NOTFOUND');
    expect(session.proxy).toMatchObject({ mode: 'fixed_servers', proxyRules: '127.0.0.1:9' });
    expect(window?.webContents.webRtc).toBe('disable_non_proxied_udp');
  });

  test('E07 the session speaks nothing older than TLS 1.3', async () => {
    expect((await bench.begin()).session.tls).toEqual({ minVersion: 'tls1.3' });
  });

  test('E02 E03 the renderer is served with its policy, and not at all once a file was altered', async () => {
    const { session, log } = await bench.begin();
    const get = (path: string, method = 'GET') =>
      session.ask('protocol app', { url: `app://tma${path}`, method }) as Promise<Response>;
    const page = await get('/cases/1');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe(indexPage);
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy());
    expect((await get('/missing.js')).status).toBe(404);
    expect((await get('/', 'POST')).status).toBe(405);
    expect(
      (await (session.ask('protocol app', { url: 'app://other/', method: 'GET' }) as Promise<Response>))
        .status,
    ).toBe(404);
    writeFileSync(join(bench.root, 'renderer/index.html'), `${indexPage}<script src="evil.js"></script>`);
    expect((await get('/')).status).toBe(404);
    expect(log).toContain('asset.altered {"path":"/index.html"}');
  });

  test('E09 only the main frame of our own page is given a port', async () => {
    const shell = await bench.open();
    const embedded = Object.assign(new FakeFrame(), { parent: {} });
    const foreign = new FakeFrame('https://example.org/');
    const other = new FakeFrame('app://other/');
    for (const frame of [embedded, foreign, other, null]) shell.connect(frame);
    await shell.page.call('session.get');
    for (const frame of [embedded, foreign, other]) expect(frame.notices).toEqual([]);
    expect(shell.log.filter((line) => line.startsWith('connect.refused'))).toHaveLength(4);
  });

  test('E09 a page that was replaced since it asked gets no further port', async () => {
    const { page, cores } = await bench.open();
    page.url = 'https://example.org/';
    const before = page.notices.length;
    cores[0]?.kill();
    await vi.waitUntil(() => cores.length === 2, { timeout: 15_000 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(page.notices).toHaveLength(before);
  });
});
