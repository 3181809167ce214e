import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from './csp.ts';
import { permissionsPolicy, securityHeaders } from './headers.ts';

const E03 =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-src 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

describe('E03 content security policy', () => {
  test('is exactly the decided text', () => {
    expect(contentSecurityPolicy()).toBe(E03);
  });

  test('differs in the preview host by its loopback socket alone', () => {
    const preview = contentSecurityPolicy({ loopbackSocket: 'ws://127.0.0.1:4711' });
    expect(preview).toBe(E03.replace("connect-src 'self'", "connect-src 'self' ws://127.0.0.1:4711"));
  });

  test.each([
    'ws://example.org:80',
    'ws://127.0.0.1.example.org:80',
    "ws://127.0.0.1:80 'unsafe-inline'",
    "ws://127.0.0.1:80; script-src 'unsafe-eval'",
    'wss://127.0.0.1:80',
    'ws://127.0.0.1:*',
    '*',
    '',
  ])('takes no other source in its place: %s', (socket) => {
    expect(() => contentSecurityPolicy({ loopbackSocket: socket })).toThrow(RangeError);
  });
});

describe('E04 headers', () => {
  test('stop sniffing, sharing, referring and storing', () => {
    expect(securityHeaders()).toMatchObject({
      'Content-Security-Policy': E03,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
  });

  test('deny every feature to every origin', () => {
    for (const entry of permissionsPolicy.split(', ')) expect(entry).toMatch(/^[a-z-]+=\(\)$/);
    for (const feature of [
      'camera',
      'microphone',
      'geolocation',
      'usb',
      'display-capture',
      'clipboard-read',
    ]) {
      expect(permissionsPolicy).toContain(`${feature}=()`);
    }
  });
});
