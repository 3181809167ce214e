import { beforeEach, describe, expect, test } from 'vitest';
import {
  type ClipboardKeeper,
  clipboardLifeMs,
  createClipboardKeeper,
  type TextClipboard,
} from './clipboardKeeper.ts';

let text = '';
let timers: { delayMs: number; run: () => void }[];
let keeper: ClipboardKeeper;
let clipboard: TextClipboard;

beforeEach(() => {
  text = '';
  timers = [];
  clipboard = {
    readText: async () => text,
    // As Windows does.
    writeText: async (next) => {
      text = next.replaceAll('\n', '\r\n');
    },
    clear: () => {
      text = '';
    },
  };
  keeper = createClipboardKeeper({
    clipboard,
    after(delayMs, run) {
      const timer = { delayMs, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  });
});

/** Everything that was asked for so far has been done. */
const done = () => new Promise((resolve) => setTimeout(resolve));
const wait = async () => {
  await done();
  for (const { run } of [...timers]) run();
  await done();
};

describe('E14 the clipboard', () => {
  test('forgets copied text after thirty seconds', async () => {
    keeper.copy('two\nlines');
    await done();
    expect(text).toBe('two\r\nlines');
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([clipboardLifeMs]);
    expect(clipboardLifeMs).toBe(30_000);
    await wait();
    expect(text).toBe('');
  });

  test('keeps what the person copied elsewhere meanwhile', async () => {
    keeper.copy('from a case');
    await done();
    text = 'a shopping list';
    await wait();
    expect(text).toBe('a shopping list');
    await keeper.clear();
    expect(text).toBe('a shopping list');
  });

  test('is cleared at the lock at once, once', async () => {
    keeper.copy('from a case');
    await keeper.clear();
    expect(text).toBe('');
    expect(timers).toEqual([]);
    text = 'from a case';
    await keeper.clear();
    expect(text).toBe('from a case');
  });

  test('that was held by another program is cleared by the next try', async () => {
    keeper.copy('from a case');
    await done();
    const read = clipboard.readText;
    clipboard.readText = () => Promise.reject(new Error('held'));
    await keeper.clear();
    clipboard.readText = read;
    await keeper.clear();
    expect(text).toBe('');
  });

  test('counts the thirty seconds from the latest copy', async () => {
    keeper.copy('first');
    keeper.copy('second');
    expect(timers).toHaveLength(1);
    await wait();
    expect(text).toBe('');
  });
});
