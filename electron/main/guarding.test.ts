import { EventEmitter } from 'node:events';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchForDefects } from './defects.ts';
import { preventable } from './fakeElectron.test-support.ts';
import { lineLog } from './log.ts';
import { config, shellBench } from './shellBench.test-support.ts';

vi.setConfig({ testTimeout: 20_000 });

const caseId = '01900000-0000-7000-8000-000000000001';
const link = `tma-workstation://case/${caseId}`;

let bench: ReturnType<typeof shellBench>;
beforeEach(() => {
  bench = shellBench();
});
afterEach(() => bench.end());

async function unlocked(options: Parameters<typeof bench.open>[0] = {}) {
  const shell = await bench.open(options);
  await shell.page.call('session.unlock', { passphrase: 'x' });
  return shell;
}

describe('E13 the screen', () => {
  test('the process behind the page ends with the lock, and a fresh page takes its place', async () => {
    const { page, window, reopened } = await unlocked();
    await page.call('session.lock');
    const next = await reopened();
    expect(page.destroyed).toBe(true);
    expect(window?.webContents.loaded).toEqual(['app://tma/', 'app://tma/']);
    await next.session({ phase: 'locked' });
  });

  test('shows nothing while another window is in front, where the installation says so', async () => {
    const screen = { blankOnBlur: true };
    writeFileSync(join(bench.root, 'workstation.json'), JSON.stringify(config({ screen })));
    const { window } = await bench.begin();
    const covers = window?.webContents.covers ?? new Map();
    window?.emit('blur');
    window?.emit('blur');
    await vi.waitUntil(() => covers.size === 1);
    expect([...covers.entries()][0]).toEqual([
      expect.stringMatching(/^user/),
      expect.stringContaining('visibility: hidden'),
    ]);
    window?.emit('focus');
    await vi.waitUntil(() => covers.size === 0);
  });

  test('a page loaded while another window is in front is covered, too', async () => {
    const screen = { blankOnBlur: true };
    writeFileSync(join(bench.root, 'workstation.json'), JSON.stringify(config({ screen })));
    const { window } = await bench.begin();
    if (window !== undefined) window.focused = false;
    window?.webContents.emit('did-finish-load');
    await vi.waitUntil(() => window?.webContents.covers.size === 1);
  });

  test('stays as it is elsewhere', async () => {
    const { window } = await bench.begin();
    window?.emit('blur');
    expect(window?.webContents.covers.size).toBe(0);
  });

  test('a notice says that there is something and not what, once, and only to who is elsewhere', async () => {
    const { page, notices, window } = await unlocked();
    const news = () => page.call('search.query', { text: 'news' });
    await news();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(notices).toEqual([]);
    if (window !== undefined) window.focused = false;
    await news();
    await vi.waitUntil(() => notices.length === 1);
    await news();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(notices).toEqual([{ title: 'TMA Workstation', body: 'There is something new.', silent: true }]);
  });
});

describe('a file that leaves the vault', () => {
  test('goes where the person says in the dialog of the system, and the page hears of no path', async () => {
    const savePath = join(bench.root, 'chosen.tma');
    const { page, calls } = await unlocked({ savePath });
    const answer = await page.call('vault.backUp', { passphrase: 'x' });
    expect(readFileSync(savePath, 'utf8')).toBe('all of it');
    expect(calls).toContain('save backup.tma 0');
    expect(JSON.stringify(answer)).not.toContain('chosen');
  });

  test('goes nowhere when the person closes the dialog', async () => {
    const { page } = await unlocked();
    expect(await page.call('vault.backUp', { passphrase: 'x' })).toMatchObject({ value: { saved: null } });
  });
});

describe('E14 the clipboard', () => {
  test('gets text through the case process and loses it at the lock', async () => {
    const { page, clipboard } = await unlocked();
    await page.call('clipboard.copy', { text: 'from a case' });
    await vi.waitUntil(() => clipboard.text === 'from a case');
    await page.call('session.lock');
    await vi.waitUntil(() => clipboard.text === '');
  });

  test('keeps what was copied elsewhere, at the lock and when the case process crashes', async () => {
    const { page, clipboard, cores, reopened } = await unlocked();
    await page.call('clipboard.copy', { text: 'from a case' });
    await vi.waitUntil(() => clipboard.text === 'from a case');
    clipboard.text = 'a shopping list';
    cores[0]?.kill();
    await reopened();
    expect(clipboard.text).toBe('a shopping list');
  });

  test('is cleared before the program ends', async () => {
    const { page, app, clipboard } = await unlocked();
    await page.call('clipboard.copy', { text: 'from a case' });
    await vi.waitUntil(() => clipboard.text === 'from a case');
    app.emit('window-all-closed');
    await vi.waitUntil(() => app.ended, { timeout: 15_000 });
    expect(clipboard.text).toBe('');
  });

  test('is out of reach while the vault is locked', async () => {
    const { page, clipboard } = await bench.open();
    expect(await page.call('clipboard.copy', { text: 'x' })).toMatchObject({
      error: { code: 'vault.locked' },
    });
    expect(clipboard.text).toBe('');
  });
});

describe('E15 logs and crashes', () => {
  test('a defect of the shell ends it without a word of its message', async () => {
    const { machine, app, shown, log } = await bench.begin();
    machine.emit('unhandledRejection', new TypeError('canary: Jana Beck'));
    machine.emit('uncaughtException', new RangeError('canary: Jana Beck'));
    expect(app.exitCode).toBe(70);
    expect(shown).toHaveLength(1);
    expect(JSON.stringify([log, shown])).not.toContain('canary');
    expect(log.some((line) => line.startsWith('shell.defect {"name":"TypeError"'))).toBe(true);
  });

  test('no line of the log has anything but what the policy lists', () => {
    const lines: string[] = [];
    const log = lineLog(
      (line) => lines.push(line),
      () => 0,
    );
    watchForDefects({
      process: { on: (_event, listener) => listener(new Error('canary')) },
      app: new EventEmitter() as never,
      log,
      giveUp: () => log('core.defect', { name: 'canary: a sentence', message: 'canary' }),
    });
    log('something.else', { canary: 'canary' });
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('canary');
  });

  test('no file of the program starts a crash reporter or writes to a console', () => {
    const files = globSync('electron/{main,preload,core,policy}/**/*.ts', {
      cwd: join(import.meta.dirname, '../..'),
    }).filter((file) => !/\.test(-support)?\.ts$|testing\.ts$/.test(file));
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const code = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
      expect(code, file).not.toMatch(/crashReporter|console\.\w+\(/);
    }
  });
});

describe('E16 links', () => {
  const linksIn = (messages: readonly Record<string, unknown>[]) =>
    messages.filter(({ name }) => name === 'link').map(({ payload }) => payload);

  test('show the case they name while the vault is open', async () => {
    const { app, page } = await unlocked();
    app.emit('second-instance', {}, ['tma', link]);
    await page.until(() => linksIn(page.messages)[0]);
    expect(linksIn(page.messages)).toEqual([{ caseId }]);
    const event = preventable();
    app.emit('open-url', event, link);
    await page.until(() => linksIn(page.messages)[1]);
    expect(event.prevented).toBe(true);
  });

  test('are forgotten while it is locked, also after it was unlocked', async () => {
    const { app, page, log } = await bench.open();
    app.emit('second-instance', {}, ['tma', link]);
    app.emit('open-url', preventable(), link);
    expect(log.filter((line) => line === 'link.refused {"reason":"locked"}')).toHaveLength(2);
    await page.call('session.unlock', { passphrase: 'x' });
    await page.call('session.get');
    expect(linksIn(page.messages)).toEqual([]);
  });

  test('say nothing but a case: anything else in them is dropped', async () => {
    const { app, page, log } = await unlocked();
    for (const bad of [`${link}?x=1`, 'tma-workstation://unlock', 'TMA-WORKSTATION:evil']) {
      app.emit('second-instance', {}, ['tma', bad]);
    }
    await page.call('session.get');
    expect(linksIn(page.messages)).toEqual([]);
    expect(log.filter((line) => line === 'link.refused {"reason":"malformed"}')).toHaveLength(3);
  });

  test('are asked of the system once packaged, by the only program there is', async () => {
    expect((await bench.begin({ packaged: true })).calls).toContain('scheme tma-workstation');
    expect((await bench.begin({ packaged: true, first: false })).calls).toEqual(['single']);
    expect((await bench.begin()).calls).not.toContain('scheme tma-workstation');
  });
});
