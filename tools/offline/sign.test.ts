import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { readRelease } from '../../shared/release.ts';
import { readPinSet } from '../../shared/sync/pins.ts';
import { createAuthority } from '../support/authority.ts';
import { makeKey, pinOfCertificate, signFiles, signPins } from './sign.ts';

const expiresAt = '2099-01-01T00:00:00.000Z';
let folder: string;
let key: string;
let publicKey: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tma-offline-'));
  key = join(folder, 'offline.key');
  publicKey = makeKey(key);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a key is its owner’s alone, and never overwritten', () => {
  if (process.platform !== 'win32') expect(statSync(key).mode & 0o077).toBe(0);
  expect(() => makeKey(key)).toThrow(/never overwritten/);
});

test('E17 a release names every file there is to install, and laptops believe it', () => {
  const files = join(folder, 'files');
  mkdirSync(files);
  writeFileSync(join(files, 'tma-1.5.0.AppImage'), 'the program');
  writeFileSync(join(files, 'builder-debug.yml'), 'not to be installed');
  const signed = signFiles({ key, version: '1.5.0', minimum: '1.3.0', expiresAt, folder: files });
  expect(readRelease(signed, publicKey, nodeCrypto)).toEqual({
    ...{ version: '1.5.0', minimum: '1.3.0', expiresAt },
    files: { 'tma-1.5.0.AppImage': createHash('sha256').update('the program').digest('hex') },
  });
  expect(() => signFiles({ key, version: '1.5.0', minimum: '1.3.0', expiresAt, folder })).toThrow(/nothing/);
});

test('S01 a set of pins is made from certificates, and laptops believe it', async () => {
  const one = await createAuthority(join(folder, 'one'));
  const two = await createAuthority(join(folder, 'two'));
  const pins = [one, two].map(({ certificateFile }) => pinOfCertificate(certificateFile));
  const signed = signPins({ key, serial: 7, expiresAt, pins });
  expect(readPinSet(signed, publicKey, nodeCrypto)).toEqual({ serial: 7, expiresAt, pins });
});
