/** S02, E05: the page of a sign-in goes the way of every other address that leaves the window. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { config, shellBench } from './shellBench.test-support.ts';

vi.setConfig({ testTimeout: 20_000 });

let bench: ReturnType<typeof shellBench>;
beforeEach(() => {
  bench = shellBench();
});
afterEach(() => bench.end());

const list = (externalHosts: readonly string[]) =>
  writeFileSync(join(bench.root, 'workstation.json'), JSON.stringify(config({ externalHosts })));

/** The case process of the tests wants this one opened. */
const address = 'https://login.example.org/authorize?state=1';
const refused = {
  type: 'error',
  error: { code: 'auth.browser-refused', params: { host: 'login.example.org' } },
};

describe('S02 E05 the page of a sign-in', () => {
  test('opens in the system’s browser when its host is listed and the person agrees', async () => {
    list(['login.example.org']);
    const { page, opened } = await bench.open({ pressed: 1 });
    expect(await page.call('session.signIn')).toMatchObject({ type: 'value', value: { invitation: null } });
    expect(opened).toEqual([address]);
  });

  test('does not when the person says no', async () => {
    list(['login.example.org']);
    const { page, opened } = await bench.open({ pressed: 0 });
    expect(await page.call('session.signIn')).toMatchObject(refused);
    expect(opened).toEqual([]);
  });

  test('does not when its host is not listed, and nobody is asked', async () => {
    list(['www.bka.de']);
    const { page, opened, log } = await bench.open({ pressed: 1 });
    expect(await page.call('session.signIn')).toMatchObject(refused);
    expect(opened).toEqual([]);
    expect(log).toContain('window.refused {"reason":"not-listed"}');
  });
});
