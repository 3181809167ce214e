/** Shows the preview in a browser window of its own, where there is a display to show it on. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { findBrowser, hasDisplay } from '../support/browsers.ts';

export type Shown =
  | { readonly shown: true; close(): Promise<void> }
  | { readonly shown: false; readonly why: string };

/** A person who closes the window closes just the window: the workstation goes on and can be opened again. */
export async function openWindow(url: string, profileDir: string): Promise<Shown> {
  if (!hasDisplay()) return { shown: false, why: 'there is no display' };
  const browser = findBrowser();
  if (browser === undefined) return { shown: false, why: 'no Chrome, Chromium or Edge was found' };
  await mkdir(profileDir, { recursive: true });
  const args = [
    `--app=${url}`,
    `--user-data-dir=${profileDir}`,
    '--no-first-run',
    '--no-default-browser-check',
  ];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  // A process group of its own: Ctrl+C in the terminal is ours to handle.
  const window = spawn(browser, args, { stdio: 'ignore', detached: true });
  const started = await new Promise<boolean>((resolve) => {
    window.once('spawn', () => resolve(true));
    window.once('error', () => resolve(false));
  });
  if (!started) return { shown: false, why: `${browser} did not start` };
  window.unref();
  return { shown: true, close: () => close(window) };
}

async function close(window: ChildProcess): Promise<void> {
  if (window.exitCode !== null || window.signalCode !== null) return;
  const closed = new Promise((done) => window.once('exit', done));
  window.kill('SIGTERM');
  await closed;
}
