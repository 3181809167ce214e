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
  /** Ends the program and starts it on the same profile. */
  again(): Promise<Workstation>;
  /** Ends the program and removes its profile. */
  close(): Promise<void>;
}

export interface WorkstationOptions {
  readonly service?: { readonly url: string; readonly caPem: string };
  readonly language?: 'de' | 'en';
}

const nobody = { url: 'https://127.0.0.1:1', caPem: 'none' };

/** A workstation that has never been enrolled; without a service, one that does not answer. */
export async function launchWorkstation(options: WorkstationOptions = {}): Promise<Workstation> {
  const { service = nobody, language = 'en' } = options;
  const profile = mkdtempSync(join(tmpdir(), 'tma-electron-'));
  const config = join(profile, 'workstation.json');
  writeFileSync(config, JSON.stringify({ service }));
  const env = { ...definedEnv(), TMA_CONFIG: config, TMA_PROFILE_DIR: profile };
  return begin({ env, language, profile });
}

interface Start {
  readonly env: Record<string, string>;
  readonly language: 'de' | 'en';
  readonly profile: string;
}

async function begin(start: Start): Promise<Workstation> {
  const { env, language, profile } = start;
  const app = await launch(env, `--lang=${language}`);
  const page = await app.firstWindow();
  return {
    ...{ app, page, env },
    async again() {
      await app.close();
      return begin(start);
    },
    async close() {
      await app.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export function launch(env: Record<string, string>, ...flags: string[]): Promise<ElectronApplication> {
  if (!runtime.found) throw new Error(runtime.why);
  return _electron.launch({ executablePath: runtime.program, args: [root, ...flags], cwd: root, env });
}

function definedEnv(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
