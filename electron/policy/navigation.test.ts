import { describe, expect, test } from 'vitest';
import { externalLink, refusedNavigationEvents } from './navigation.ts';

describe('E05 navigation', () => {
  test('refuses every way a page can leave or be embedded', () => {
    expect(refusedNavigationEvents).toEqual([
      'will-navigate',
      'will-frame-navigate',
      'will-redirect',
      'will-attach-webview',
    ]);
  });

  const listed = new Set(['www.secretservice.gov']);

  test('offers a listed https address to the system browser, and only after asking', () => {
    expect(externalLink('https://www.secretservice.gov/guide', listed)).toEqual({
      open: 'ask',
      url: 'https://www.secretservice.gov/guide',
      host: 'www.secretservice.gov',
    });
  });

  test.each([
    ['http://www.secretservice.gov/', 'not-https'],
    ['javascript:alert(1)', 'not-https'],
    ['file:///etc/passwd', 'not-https'],
    ['smb://www.secretservice.gov/share', 'not-https'],
    ['app://tma/', 'not-https'],
    ['https://www.secretservice.gov.example.org/', 'not-listed'],
    ['https://example.org/?www.secretservice.gov', 'not-listed'],
    ['https://www.secretservice.gov@example.org/', 'not-listed'],
    ['https://user@www.secretservice.gov/', 'not-listed'],
    ['https://www.secretservice.gov:8443/', 'not-listed'],
    ['https://www.secretservice.gov%00.example.org/', 'not-a-url'],
    ['not a url', 'not-a-url'],
    ['', 'not-a-url'],
  ])('never opens %s', (url, reason) => {
    expect(externalLink(url, listed)).toEqual({ open: false, reason });
  });

  test('opens nothing where nothing is listed', () => {
    expect(externalLink('https://www.secretservice.gov/', new Set())).toMatchObject({ open: false });
  });
});
