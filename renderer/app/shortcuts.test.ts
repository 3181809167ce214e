import { afterEach, describe, expect, it } from 'vitest';
import { bindShortcut, isPressOf, type KeyPress, runShortcut } from './shortcuts.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('reading a press', () => {
  it('wants exactly the modifiers that are named', () => {
    expect(isPressOf('Ctrl+K', press('k', { ctrlKey: true }))).toBe(true);
    expect(isPressOf('Ctrl+K', press('k', { metaKey: true }))).toBe(true);
    expect(isPressOf('Ctrl+K', press('k'))).toBe(false);
    expect(isPressOf('N', press('n', { ctrlKey: true }))).toBe(false);
    expect(isPressOf('N', press('N', { shiftKey: true }))).toBe(false);
  });

  it('takes a sign whether or not the keyboard needs Shift for it', () => {
    expect(isPressOf('?', press('?', { shiftKey: true }))).toBe(true);
    expect(isPressOf('?', press('?'))).toBe(true);
  });
});

describe('shortcuts', () => {
  const unbind: (() => void)[] = [];
  afterEach(() => {
    for (const each of unbind.splice(0)) each();
  });
  const bind = (keys: string, run: () => void) =>
    unbind.push(bindShortcut({ keys, label: keys, scope: 'screen', run }));

  it('run what is bound last, and what was bound before once that is gone', () => {
    const ran: string[] = [];
    bind('N', () => ran.push('frame'));
    bind('N', () => ran.push('screen'));
    runShortcut(press('n'), null);
    unbind.pop()?.();
    runShortcut(press('n'), null);
    expect(ran).toEqual(['screen', 'frame']);
  });

  it('leave other keys alone', () => {
    bind('N', () => {
      throw new Error('ran');
    });
    expect(runShortcut(press('m'), null)).toBe(false);
  });
});
