import { describe, expect, test } from 'vitest';
import { deepLinkId } from './deepLink.ts';
import { keystoreVerdict } from './secretBackend.ts';

const id = '0198c0de-0000-7000-8000-0123456789ab';

describe('E16 links', () => {
  test('carry one opaque id', () => {
    expect(deepLinkId(`tma-workstation://open/${id}`, { locked: false })).toBe(id);
  });

  test('are dropped while locked', () => {
    expect(deepLinkId(`tma-workstation://open/${id}`, { locked: true })).toBeNull();
  });

  test.each([
    `tma-workstation://open/${id}/x`,
    `tma-workstation://open/${id}?a=1`,
    `tma-workstation://open/${id}#x`,
    `tma-workstation://delete/${id}`,
    `tma-workstation://open/../${id}`,
    `tma-workstation://a@open/${id}`,
    `TMA-WORKSTATION://open/${id}`,
    `https://open/${id}`,
    'tma-workstation://open/1',
    '',
  ])('are parsed strictly: %s', (link) => {
    expect(deepLinkId(link, { locked: false })).toBeNull();
  });
});

describe('the keystore of the device secret', () => {
  test.each(['basic_text', 'unknown'])('is not %s on Linux', (linuxBackend) => {
    expect(keystoreVerdict({ platform: 'linux', available: true, linuxBackend }).usable).toBe(false);
  });

  test('is a real one where there is one, and its name is kept', () => {
    expect(keystoreVerdict({ platform: 'linux', available: true, linuxBackend: 'kwallet6' })).toEqual({
      usable: true,
      backend: 'kwallet6',
    });
    expect(keystoreVerdict({ platform: 'darwin', available: true, linuxBackend: 'unknown' })).toEqual({
      usable: true,
      backend: 'darwin',
    });
    expect(keystoreVerdict({ platform: 'win32', available: false, linuxBackend: 'unknown' }).usable).toBe(
      false,
    );
  });
});
