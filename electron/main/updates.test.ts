import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signerFromSeed } from '../../platform/crypto.ts';
import { type Release, signRelease } from '../../shared/release.ts';
import { config, releaseSigner, shellBench } from './shellBench.test-support.ts';

vi.setConfig({ testTimeout: 20_000 });

const updates = { url: 'https://updates.example.org/tma', channel: 'latest' };

let bench: ReturnType<typeof shellBench>;
beforeEach(() => {
  bench = shellBench();
  writeFileSync(join(bench.root, 'workstation.json'), JSON.stringify(config({ updates })));
});
afterEach(() => bench.end());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const release = (changes: Partial<Release> = {}): Release => ({
  ...{ version: '1.5.0', minimum: '1.3.0', expiresAt: '2099-01-01T00:00:00.000Z' },
  files: { 'tma-1.5.0.AppImage': sha256('the program') },
  ...changes,
});

/** A program whose updater has just downloaded a file, with that manifest beside it. */
async function offered(manifest: unknown, version = '1.5.0') {
  const shell = await bench.begin({ packaged: true });
  const downloadedFile = join(bench.root, 'tma-1.5.0.AppImage');
  writeFileSync(downloadedFile, 'the program');
  shell.updater.manifest = manifest;
  shell.updater.downloaded({ version, downloadedFile });
  await vi.waitUntil(() => shell.log.some((line) => line.startsWith('update.')));
  const end = async () => {
    const before = shell.log.length;
    shell.app.emit('window-all-closed');
    await vi.waitUntil(
      () => shell.app.ended || shell.updates.includes('install') || shell.log.length > before + 5,
      { timeout: 15_000 },
    );
  };
  return { ...shell, downloadedFile, end };
}

describe('E17 updates', () => {
  test('are off unless the installation names where they come from, unpackaged, and without our key', async () => {
    expect((await bench.begin()).updates).toEqual([]);
    expect((await bench.begin({ packaged: true, releaseKey: null })).updates).toEqual([]);
    writeFileSync(join(bench.root, 'workstation.json'), JSON.stringify(config()));
    expect((await bench.begin({ packaged: true })).updates).toEqual([]);
  });

  test('refuse to go back, which is set after the channel because the channel would allow it', async () => {
    const { updates: calls, periodic } = await bench.begin({ packaged: true });
    expect(calls).toContain('feed https://updates.example.org/tma');
    expect(calls).toContain('autoInstallOnAppQuit false');
    expect(calls.indexOf('allowDowngrade false')).toBeGreaterThan(calls.indexOf('channel latest'));
    expect(calls.at(-1)).toBe('check');
    for (const run of periodic) run();
    expect(calls.filter((call) => call === 'check')).toHaveLength(2);
  });

  test('are installed when the program ends, with the vault closed, if our key vouches for them', async () => {
    const shell = await offered(signRelease(release(), releaseSigner));
    expect(shell.log).toContain('update.downloaded {"version":"1.5.0"}');
    expect(shell.updates).toContain('manifest https://updates.example.org/tma/latest-release.json');
    expect(shell.updates).not.toContain('install');
    expect(readFileSync(join(bench.root, 'user/update-floor'), 'utf8')).toBe('1.3.0');
    await shell.end();
    expect(shell.updates.at(-1)).toBe('install');
    expect(shell.app.ended).toBe(false);
  });

  test('are not installed when the file was swapped after it was looked at', async () => {
    const shell = await offered(signRelease(release(), releaseSigner));
    writeFileSync(shell.downloadedFile, 'another program');
    await shell.end();
    expect(shell.updates).not.toContain('install');
    expect(shell.log).toContain('update.refused {"reason":"altered-file"}');
    expect(shell.app.ended).toBe(true);
  });

  const wrongKey = signerFromSeed(new Uint8Array(32).fill(18));
  test.each<[string, string, unknown, string?]>([
    ['no manifest', 'not-signed', null],
    ['an unsigned one', 'not-signed', { text: JSON.stringify(release()) }],
    ['one under another key', 'not-signed', signRelease(release(), wrongKey)],
    [
      'an expired one',
      'expired',
      signRelease(release({ expiresAt: '2020-01-01T00:00:00.000Z' }), releaseSigner),
    ],
    ['an older version', 'older', signRelease(release({ version: '1.3.0' }), releaseSigner), '1.3.0'],
    ['a swapped manifest', 'other-version', signRelease(release({ version: '1.6.0' }), releaseSigner)],
    [
      'a swapped file',
      'altered-file',
      signRelease(release({ files: { 'tma-1.5.0.AppImage': sha256('x') } }), releaseSigner),
    ],
    ['a file it does not name', 'unknown-file', signRelease(release({ files: {} }), releaseSigner)],
  ])('are refused with %s', async (_what, reason, manifest, version) => {
    const shell = await offered(manifest, version);
    expect(shell.log).toContain(`update.refused ${JSON.stringify({ reason })}`);
    await shell.end();
    expect(shell.updates).not.toContain('install');
    expect(shell.app.ended).toBe(true);
  });

  test('are refused below the floor that an earlier manifest set', async () => {
    writeFileSync(join(bench.root, 'user/update-floor'), '2.0.0');
    const shell = await offered(signRelease(release(), releaseSigner));
    expect(shell.log).toContain('update.refused {"reason":"older"}');
  });
});
