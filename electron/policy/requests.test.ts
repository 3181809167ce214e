import { describe, expect, test } from 'vitest';
import { assetFor } from './assets.ts';
import { isAppUrl } from './origin.ts';
import { requestAllowed, resolverRules } from './requests.ts';

const foreign = [
  'https://example.org/',
  'http://127.0.0.1/',
  'ws://127.0.0.1/',
  'file:///etc/passwd',
  'data:text/html,<script>1</script>',
  'app://other/',
  'app://tma.example.org/',
  'app://user@tma/',
  'app://tma:8080/',
  'apps://tma/',
  'blob:https://example.org/018f',
  'filesystem:app://tma/temporary/x',
  'about:blank',
  '',
  'app',
];

describe('E08 requests', () => {
  test.each(foreign)('cancels %s', (url) => {
    expect(requestAllowed(url, { devTools: false })).toBe(false);
  });

  test.each(foreign)('cancels %s also with developer tools', (url) => {
    expect(requestAllowed(url, { devTools: true })).toBe(false);
  });

  test('lets our own pages and their blobs through', () => {
    expect(requestAllowed('app://tma/assets/a.js', { devTools: false })).toBe(true);
    expect(requestAllowed('blob:app://tma/018f-aa', { devTools: false })).toBe(true);
  });

  test('lets the developer tools load only where they exist', () => {
    expect(requestAllowed('devtools://devtools/bundled/x.js', { devTools: true })).toBe(true);
    expect(requestAllowed('devtools://devtools/bundled/x.js', { devTools: false })).toBe(false);
  });
});

describe('E08 names', () => {
  test('are looked up for updates alone', () => {
    expect(resolverRules(undefined)).toBe('MAP * ~NOTFOUND');
    expect(resolverRules('https://updates.example.org/tma')).toBe(
      'MAP * ~NOTFOUND, EXCLUDE updates.example.org',
    );
  });
});

describe('E02 protocol', () => {
  const map = { '/index.html': 'aa', '/assets/a.js': 'bb', '/assets/source.map': 'cc' };
  const ask = (path: string, method = 'GET') => assetFor({ method, url: new URL(path, 'app://tma/') }, map);

  test('serves what the build made and the index for every screen', () => {
    expect(ask('/assets/a.js')).toMatchObject({ status: 200, path: '/assets/a.js', sha256: 'bb' });
    for (const path of ['/', '/cases', '/cases/018f/assess']) {
      expect(ask(path)).toMatchObject({ status: 200, path: '/index.html' });
    }
  });

  test.each([
    '/../etc/passwd.txt',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets%2fa.js',
    '/assets/a.js/..%5c..%5cx.js',
    '/__proto__.js',
    '/missing.js',
    '/assets/A.JS',
    '//assets/a.js',
  ])('knows no other path: %s', (path) => {
    expect(ask(`app://tma${path}`)).toEqual({ status: 404 });
  });

  test('serves no file type it has no content type for', () => {
    expect(ask('/assets/source.map')).toEqual({ status: 404 });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'get'])('refuses the method %s', (method) => {
    expect(ask('/', method)).toEqual({ status: 405 });
  });

  test('knows its own origin by scheme and host, since the origin of a custom scheme is the text null', () => {
    expect(new URL('app://tma/').origin).toBe('null');
    expect(isAppUrl('app://tma/cases')).toBe(true);
    for (const url of foreign) expect(isAppUrl(url)).toBe(false);
  });
});
