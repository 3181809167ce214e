/** Starts the built workstation in a real Electron runtime, on a profile of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { findElectron } from '../../tools/run/electronRuntime.ts';

export const root = resolve(import.meta.dirname, '../..');

/** The runtime, or why there is none; the suite says so in one line and runs nothing. */
export const runtime = findElectron(root);

export interface Workstation {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Where the profile is; a second program started on it finds the first. */
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

/** A workstation that has never been enrolled, and whose service does not answer. */
export async function launchWorkstation(): Promise<Workstation> {
  const profile = mkdtempSync(join(tmpdir(), 'tma-electron-'));
  const config = join(profile, 'workstation.json');
  writeFileSync(config, JSON.stringify({ service: { url: 'https://127.0.0.1:1', caPem: 'none' } }));
  const env = { ...definedEnv(), TMA_CONFIG: config, TMA_PROFILE_DIR: profile };
  const app = await launch(env);
  const page = await app.firstWindow();
  const close = async (): Promise<void> => {
    await app.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { app, page, env, close };
}

export function launch(env: Record<string, string>): Promise<ElectronApplication> {
  if (!runtime.found) throw new Error(runtime.why);
  return _electron.launch({ executablePath: runtime.program, args: [root], cwd: root, env });
}

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
