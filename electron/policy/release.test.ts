import { describe, expect, test } from 'vitest';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { compareVersions, type Release, readRelease, signRelease } from '../../shared/release.ts';
import { judgeUpdate, type Update } from './release.ts';

const offline = signerFromSeed(new Uint8Array(32).fill(1));
const key = toBase64Url(offline.publicKey);
const hash = 'a'.repeat(64);
const nowMs = Date.parse('2026-11-23T08:00:00Z');
const installed = { version: '1.4.0', floor: '1.2.0', nowMs };
const file = { name: 'TMA Workstation-1.5.0.AppImage', sha256: hash };

const release = (changes: Partial<Release> = {}): Release => ({
  version: '1.5.0',
  minimum: '1.3.0',
  expiresAt: '2026-12-31T00:00:00.000Z',
  files: { [file.name]: hash },
  ...changes,
});

/** What becomes of an update whose manifest is this one, signed as it should be. */
const judge = (changes: Partial<Release> = {}, update: Partial<Update> = {}) => {
  const read = readRelease(signRelease(release(changes), offline), key, nodeCrypto);
  return judgeUpdate({ release: read, version: '1.5.0', file, ...update }, installed);
};

describe('E17 an update', () => {
  test('is installed when our key vouches for this file of a newer version, and raises the floor', () => {
    expect(judge()).toEqual({ install: true, floor: '1.3.0' });
    expect(judge({ minimum: '1.0.0' })).toEqual({ install: true, floor: '1.2.0' });
  });

  test('is refused without a signature, under another key, and with a manifest that was altered', () => {
    const good = signRelease(release(), offline);
    const other = signRelease(release(), signerFromSeed(new Uint8Array(32).fill(2)));
    for (const signed of [
      other,
      { ...good, sig: 'A'.repeat(86) },
      { ...good, text: good.text.replace('1.5.0', '1.5.1') },
      { ...good, text: good.text.replace(hash, 'b'.repeat(64)) },
      { ...good, text: '{}' },
    ]) {
      expect(readRelease(signed, key, nodeCrypto)).toBeNull();
    }
    expect(judgeUpdate({ release: null, version: '1.5.0', file }, installed)).toEqual({
      install: false,
      reason: 'not-signed',
    });
  });

  test.each<[string, Partial<Release>, Partial<Update>]>([
    ['expired', { expiresAt: '2026-11-23T08:00:00.000Z' }, {}],
    ['older', { version: '1.3.9' }, { version: '1.3.9' }],
    ['older', { version: '1.4.0' }, { version: '1.4.0' }],
    ['altered-file', {}, { file: { ...file, sha256: 'b'.repeat(64) } }],
    ['unknown-file', {}, { file: { ...file, name: 'evil.AppImage' } }],
    ['unknown-file', {}, { file: { ...file, name: 'constructor' } }],
    // A manifest of another release put in the place of this one's.
    ['other-version', { version: '1.6.0' }, {}],
    ['other-version', { version: '1.4.1' }, {}],
  ])('is refused as %s', (reason, changes, update) => {
    expect(judge(changes, update)).toEqual({ install: false, reason });
  });

  test('is refused below the floor, even where it is newer than what is installed', () => {
    const signed = readRelease(signRelease(release(), offline), key, nodeCrypto);
    const verdict = judgeUpdate(
      { release: signed, version: '1.5.0', file },
      { ...installed, floor: '1.6.0' },
    );
    expect(verdict).toEqual({ install: false, reason: 'older' });
  });

  test('has a version of three numbers, compared as numbers', () => {
    expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0);
    expect(compareVersions('1.9.9', '1.10.0')).toBeLessThan(0);
    expect(compareVersions('2.0.0', '2.0.0')).toBe(0);
    for (const version of ['1.5', '1.5.0-beta', 'v1.5.0', '1.5.0.0', '']) {
      expect(() => signRelease(release({ version }), offline)).toThrow();
    }
  });
});
