import { describe, expect, test } from 'vitest';
import { keystoreVerdict } from './keystore.ts';

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
