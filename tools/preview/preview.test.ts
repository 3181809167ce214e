import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { securityHeaders } from '../../electron/policy/headers.ts';
import { developmentSecretStore } from './developmentSecretStore.ts';
import { type Preview, startPreview } from './preview.ts';

const root = mkdtempSync(join(tmpdir(), 'tma-preview-'));
const options = {
  profileDir: join(root, 'profile'),
  rendererDir: join(root, 'renderer'),
  service: { url: 'https://127.0.0.1:1', caPem: 'none' },
  coreEntry: fileURLToPath(new URL('../../electron/core/process/testCore.test-support.ts', import.meta.url)),
};
let preview: Preview;
let cookie: string;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: preview.port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const pathOf = (url: string) => url.slice(new URL(url).origin.length);
const origin = () => `http://127.0.0.1:${preview.port}`;

beforeAll(async () => {
  mkdirSync(join(options.rendererDir, 'assets'), { recursive: true });
  writeFileSync(join(options.rendererDir, 'index.html'), '<!doctype html><title>TMA</title>');
  writeFileSync(join(options.rendererDir, 'assets/app.js'), 'export {};');
  writeFileSync(join(root, 'secret.txt'), 'outside');
  preview = await startPreview(options);
  const first = await get(pathOf(preview.url));
  cookie = (first.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
});

afterAll(async () => {
  await preview.stop();
  rmSync(root, { recursive: true });
});

describe('admission', () => {
  test('a token lets one browser in, once', async () => {
    const path = pathOf(preview.newUrl());
    const first = await get(path);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(first.headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const second = await get(path);
    expect(second.status).toBe(401);
    expect(second.body).toContain('host.token-invalid');
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  test('reloading the first address in the same browser goes on', async () => {
    expect(await get(pathOf(preview.url), { cookie })).toMatchObject({ status: 303 });
  });

  test.each(['/', '/assets/app.js', '/?token=', '/?token=guess'])(
    'nothing is served without it: %s',
    async (path) => {
      expect(await get(path)).toMatchObject({
        status: 401,
        body: expect.stringContaining('host.token-invalid'),
      });
      expect(await get(path, { cookie: `tma-preview-${preview.port}=guess` })).toMatchObject({ status: 401 });
    },
  );

  test('pages of other origins, other names for this machine and cross-site loads are refused', async () => {
    for (const headers of [
      { origin: 'https://example.org' },
      { origin: 'null' },
      { origin: `http://localhost:${preview.port}` },
      { host: `example.org:${preview.port}` },
      { host: `localhost:${preview.port}` },
      { host: '127.0.0.1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect(await get('/', { cookie, ...headers })).toMatchObject({ status: 403 });
    }
  });
});

describe('pages', () => {
  test('E03 E04 carry the headers of the product, with the loopback socket added', async () => {
    const wanted = securityHeaders({ loopbackSocket: `ws://127.0.0.1:${preview.port}` });
    for (const path of ['/', '/assets/app.js', '/missing.js']) {
      const { headers } = await get(path, { cookie });
      for (const [name, value] of Object.entries(wanted)) expect(headers[name.toLowerCase()]).toBe(value);
    }
    const refused = await get('/');
    expect(refused.headers['content-security-policy']).toBe(wanted['Content-Security-Policy']);
  });

  test('every screen is the one page', async () => {
    for (const path of ['/', '/cases', '/cases/018f/assess']) {
      expect(await get(path, { cookie })).toMatchObject({
        status: 200,
        body: expect.stringContaining('TMA'),
      });
    }
    const script = await get('/assets/app.js', { cookie });
    expect(script).toMatchObject({ status: 200, body: 'export {};' });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/secret.txt%00.js',
    'http://example.org/secret.txt',
  ])('E02 there is no way out of the renderer: %s', async (path) => {
    const answer = await get(path, { cookie });
    expect([400, 403, 404]).toContain(answer.status);
    expect(answer.body).not.toContain('outside');
  });

  test('E02 only reading is possible', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      expect(await get('/', { cookie }, method)).toMatchObject({ status: 405 });
    }
  });

  test('a request that is no HTTP ends the connection and nothing else', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(preview.port, '127.0.0.1', () => socket.write('\0\0garbage\r\n\r\n'));
      socket.on('close', () => resolve());
      socket.on('error', () => {});
      socket.resume();
    });
    expect(await get('/', { cookie })).toMatchObject({ status: 200 });
  });
});

interface Line {
  readonly socket: WebSocket;
  call(procedure: string, input?: unknown): Promise<Record<string, unknown>>;
  until(found: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

function open(
  headers: Record<string, string> = { cookie, origin: origin() },
  path = '/contract',
): Promise<Line> {
  const socket = new WebSocket(`ws://127.0.0.1:${preview.port}${path}`, { headers });
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  let lastId = 0;
  const until = async (found: (message: Record<string, unknown>) => boolean) => {
    for (;;) {
      const message = messages.find(found);
      if (message !== undefined) return message;
      await new Promise((resolve) => socket.once('message', resolve));
    }
  };
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () =>
      resolve({
        socket,
        until,
        call(procedure, input = {}) {
          const id = ++lastId;
          socket.send(JSON.stringify({ type: 'call', id, procedure, input }));
          return until((message) => message.id === id);
        },
      }),
    );
  });
}

describe('socket', () => {
  test('carries a call and its answer, and the session unasked', async () => {
    const line = await open();
    await line.until((message) => message.name === 'session');
    expect(await line.call('session.get')).toMatchObject({ type: 'value', value: { phase: 'locked' } });
    expect(await line.call('day.get')).toMatchObject({ type: 'error', error: { code: 'vault.locked' } });
    line.socket.close();
  });

  test('is refused to other origins, other names, unknown browsers and other paths', async () => {
    const good = { cookie, origin: origin() };
    for (const headers of [
      { cookie },
      { origin: origin() },
      { ...good, origin: 'https://example.org' },
      { ...good, origin: `http://localhost:${preview.port}` },
      { ...good, host: `example.org:${preview.port}` },
      { ...good, cookie: `tma-preview-${preview.port}=guess` },
    ] as Record<string, string>[]) {
      await expect(open(headers)).rejects.toThrow('403');
    }
    await expect(open(good, '/')).rejects.toThrow('403');
  });

  test('answers text that is no message, and survives bytes and floods', async () => {
    const line = await open();
    line.socket.send('{');
    expect(await line.until((message) => message.id === 0)).toMatchObject({
      error: { code: 'input.invalid' },
    });
    expect(await line.call('session.unlock', { passphrase: 'x'.repeat(1_100_000) })).toMatchObject({
      error: { code: 'input.too-large' },
    });
    const closed = new Promise((resolve) => line.socket.on('close', resolve));
    line.socket.send(Buffer.from([1, 2, 3]));
    expect(await closed).toBe(1003);
    const other = await open();
    other.socket.on('error', () => {});
    other.socket.send('x'.repeat(5 * 1024 * 1024));
    expect(await new Promise((resolve) => other.socket.on('close', resolve))).toBe(1009);
    const next = await open();
    expect(await next.call('session.get')).toMatchObject({ type: 'value' });
    next.socket.close();
  });

  test('stays open over a lock; the core behind it is a fresh one', async () => {
    const line = await open();
    expect(await line.call('session.unlock', { passphrase: 'x' })).toMatchObject({
      value: { phase: 'unlocked' },
    });
    await line.call('session.lock');
    expect(await line.call('session.get')).toMatchObject({ type: 'value', value: { phase: 'locked' } });
    line.socket.close();
  });
});

describe('a file that leaves the vault', () => {
  test('is fetched by the page at an address of its own, once, and by nobody else', async () => {
    const line = await open();
    await line.call('session.unlock', { passphrase: 'x' });
    const saved = line.call('vault.backUp', { passphrase: 'x' });
    const path = String((await line.until((message) => message.type === 'download')).path);
    expect(await get(path)).toMatchObject({ status: 401 });
    expect(await get('/download/guess', { cookie })).toMatchObject({ status: 404 });
    expect(await get(path, { cookie }, 'POST')).toMatchObject({ status: 404 });
    const file = await get(path, { cookie });
    expect(file).toMatchObject({ status: 200, body: 'all of it' });
    expect(file.headers).toMatchObject({
      'content-disposition': "attachment; filename*=UTF-8''backup.tma",
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(await get(path, { cookie })).toMatchObject({ status: 404 });
    expect(await saved).toMatchObject({ value: { saved: { sizeBytes: 9 } } });
    line.socket.close();
  });

  test('that breaks off is no whole file to the browser either', async () => {
    const line = await open();
    await line.call('session.unlock', { passphrase: 'x' });
    const saved = line.call('vault.backUp', { passphrase: 'breaks off' });
    const path = String((await line.until((message) => message.type === 'download')).path);
    await expect(get(path, { cookie })).rejects.toThrow();
    await saved;
    line.socket.close();
  });
});

describe('start and stop', () => {
  test('a port in use is said so, and nothing stays running', async () => {
    await expect(startPreview({ ...options, port: preview.port })).rejects.toMatchObject({
      code: 'host.port-in-use',
      params: { port: preview.port },
    });
  });

  test('a second program on one vault is refused, says so, and leaves the first alone', async () => {
    const { coreEntry: _testCore, ...real } = { ...options, profileDir: join(root, 'one-vault') };
    const first = await startPreview(real);
    await expect(startPreview(real)).rejects.toMatchObject({ code: 'vault.in-use' });
    await first.stop();
    const next = await startPreview(real);
    await next.stop();
  });

  test('a missing build says what to run', async () => {
    await expect(startPreview({ ...options, rendererDir: join(root, 'none') })).rejects.toThrow(
      'npm run build',
    );
  });

  test('stopping closes the sockets and frees the port', async () => {
    const other = await startPreview(options);
    await other.stop();
    const again = await startPreview({ ...options, port: other.port });
    await again.stop();
  });
});

describe('the development secret store', () => {
  const dir = join(root, 'secrets');

  test('says that it is for development, in its name and in its file', async () => {
    const store = developmentSecretStore(dir);
    expect(store.backend).toContain('development');
    await store.set('device', new Uint8Array([1, 2]));
    expect(readdirSync(dir)).toEqual(['development-only-secrets.json']);
    expect(statSync(join(dir, 'development-only-secrets.json')).mode & 0o077).toBe(0);
  });

  test('keeps, replaces and forgets, also when asked for several things at once', async () => {
    const store = developmentSecretStore(dir);
    await Promise.all(['a', 'b', 'c'].map((name) => store.set(name, Buffer.from(name))));
    await store.delete('b');
    const later = developmentSecretStore(dir);
    expect(Buffer.from((await later.get('a')) ?? []).toString()).toBe('a');
    expect(await later.get('b')).toBeNull();
    expect(await later.get('never')).toBeNull();
  });

  test('does not take a damaged file for an empty one', async () => {
    const path = join(dir, 'development-only-secrets.json');
    const before = readFileSync(path, 'utf8').slice(0, 10);
    writeFileSync(path, before);
    const store = developmentSecretStore(dir);
    await expect(store.get('a')).rejects.toMatchObject({ code: 'vault.secret-missing' });
    await expect(store.set('a', new Uint8Array(1))).rejects.toMatchObject({ code: 'vault.secret-missing' });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});
