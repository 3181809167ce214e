/**
 * E13: whatever locks, both processes that have seen case data end, and a page that knows nothing takes the place of
 * the one that did. Only the fake is not real: the case process is one.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { shellBench } from './shellBench.test-support.ts';

vi.setConfig({ testTimeout: 30_000 });

let bench: ReturnType<typeof shellBench>;
beforeEach(() => {
  bench = shellBench();
});
afterEach(() => bench.end());

type Shell = Awaited<ReturnType<typeof bench.open>>;

const triggers: readonly (readonly [what: string, pull: (shell: Shell) => unknown])[] = [
  ['the screen is locked', ({ powerMonitor }) => powerMonitor.emit('lock-screen')],
  ['the laptop is suspended', ({ powerMonitor }) => powerMonitor.emit('suspend')],
  ['another user takes over', ({ powerMonitor }) => powerMonitor.emit('user-did-resign-active')],
  ['the system shuts down', ({ powerMonitor }) => powerMonitor.emit('shutdown')],
  ['Ctrl+L is pressed in the menu', ({ pressKeys }) => pressKeys('CommandOrControl+L')],
  ['the page asks for it', ({ page }) => page.call('session.lock')],
  ['nobody has touched it for as long as the policy allows', core('idle')],
  ['the organisation takes it back, or the lease is over', core('policy')],
];

/** The case process itself decides, by what it knows of the policy (`electron/core/session`). */
function core(reason: 'idle' | 'policy') {
  return ({ page }: Shell) => page.call('search.query', { text: reason });
}

describe('E13 the lock', () => {
  test.each(triggers)('when %s', async (_what, pull) => {
    const shell = await bench.open();
    const { page, window, cores, reopened } = shell;
    await page.call('session.unlock', { passphrase: 'x' });
    const [caseProcess] = cores;
    void pull(shell);
    const next = await reopened();
    await next.session({ phase: 'locked' });
    expect(page.destroyed).toBe(true);
    expect(caseProcess?.child.exitCode ?? caseProcess?.child.signalCode).not.toBeNull();
    expect(window?.webContents.loaded).toEqual(['app://tma/', 'app://tma/']);
    expect(cores).toHaveLength(2);
    // The old page's port answers nobody any more.
    expect(await next.call('session.get')).toMatchObject({ value: { phase: 'locked' } });
  });

  test('a second reason while the first is being carried out ends nothing twice', async () => {
    const { page, window, powerMonitor, cores, reopened } = await bench.open();
    await page.call('session.unlock', { passphrase: 'x' });
    powerMonitor.emit('lock-screen');
    powerMonitor.emit('suspend');
    const next = await reopened();
    await next.session({ phase: 'locked' });
    expect(cores).toHaveLength(2);
    expect(window?.webContents.loaded).toHaveLength(2);
  });

  test('a laptop that is locked already keeps its page', async () => {
    const { page, window, powerMonitor } = await bench.open();
    powerMonitor.emit('lock-screen');
    expect(await page.call('session.get')).toMatchObject({ value: { phase: 'locked' } });
    expect(page.destroyed).toBe(false);
    expect(window?.webContents.loaded).toHaveLength(1);
  });
});
