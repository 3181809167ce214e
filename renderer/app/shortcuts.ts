/**
 * Keys that act wherever the focus is. The frame binds the ones that hold everywhere; a screen binds its own
 * while it is shown. The help dialog lists what is bound, so nothing is bound without a name.
 */
import { useEffect, useSyncExternalStore } from 'react';

export interface Shortcut {
  /** `Ctrl+K`, `N`, `?`. A letter alone does nothing while text is being written. */
  readonly keys: string;
  /** What it does, in the words of the language shown. */
  readonly label: string;
  readonly scope: 'global' | 'screen';
  readonly run: () => void;
}

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const writing = 'input, textarea, select, [contenteditable="true"], [role="textbox"], [role="spinbutton"]';
const taken = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Whether a press is the one that `keys` names. Command on a Mac counts as Ctrl. */
export function isPressOf(keys: string, press: KeyPress): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const isLetter = /^[a-z]$/i.test(key);
  if (press.key.toLowerCase() !== key.toLowerCase()) return false;
  if ((press.ctrlKey || press.metaKey) !== parts.includes('Ctrl')) return false;
  if (press.altKey !== parts.includes('Alt')) return false;
  // Which key needs Shift for a sign such as "?" depends on the keyboard, so Shift counts with letters only.
  return !isLetter || press.shiftKey === parts.includes('Shift');
}

const shortcuts = new Set<Shortcut>();
const listeners = new Set<() => void>();
let listed: readonly Shortcut[] = [];

function changed(): void {
  listed = [...shortcuts];
  for (const listener of listeners) listener();
}

/** Binds a key until the returned function is called. The one bound last wins. */
export function bindShortcut(shortcut: Shortcut): () => void {
  shortcuts.add(shortcut);
  changed();
  return () => {
    shortcuts.delete(shortcut);
    changed();
  };
}

function isFree(shortcut: Shortcut, target: EventTarget | null): boolean {
  if (shortcut.keys.includes('Ctrl+')) return true;
  return (
    target === null || !('closest' in target) || (target as Element).closest(`${writing}, ${taken}`) === null
  );
}

/** Runs what is bound to a press; `true` when something was. */
export function runShortcut(press: KeyPress, target: EventTarget | null): boolean {
  const found = listed.findLast(({ keys }) => isPressOf(keys, press));
  if (found === undefined || !isFree(found, target)) return false;
  found.run();
  return true;
}

/** Starts to listen to the window. */
export function listenForShortcuts(): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.defaultPrevented && !event.repeat && runShortcut(event, event.target)) event.preventDefault();
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

/** Binds a key while the component is shown; pass a stable `run`, and `null` to bind nothing. */
export function useShortcut(
  keys: string,
  label: string,
  run: (() => void) | null,
  scope: Shortcut['scope'] = 'screen',
) {
  useEffect(
    () => (run === null ? undefined : bindShortcut({ keys, label, run, scope })),
    [keys, label, run, scope],
  );
}

/** What is bound now, for the help dialog. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => listed,
  );
}
