import { describe, expect, test } from 'vitest';
import { certificateAccepted } from './certificates.ts';
import { deviceAllowed, downloadAllowed, permissionAllowed, refusedDeviceEvents } from './permissions.ts';

describe('E06 permissions, devices, downloads', () => {
  test.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'clipboard-sanitized-write',
    'display-capture',
    'fileSystem',
    'openExternal',
    'hid',
    'serial',
    'usb',
    'idle-detection',
    'window-management',
    'a-permission-of-a-later-chromium',
  ])('refuses %s even to our own page', (permission) => {
    expect(permissionAllowed({ permission, url: 'app://tma/' })).toBe(false);
  });

  test('refuses every device and every download', () => {
    for (const kind of ['hid', 'serial', 'usb', 'bluetooth']) expect(deviceAllowed(kind)).toBe(false);
    expect(refusedDeviceEvents).toContain('select-usb-device');
    expect(downloadAllowed('blob:app://tma/018f')).toBe(false);
  });
});

describe('E07 certificates', () => {
  test('accepts none for the renderer', () => {
    expect(certificateAccepted('https://localhost/')).toBe(false);
  });
});
