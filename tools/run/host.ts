/** Starts one laptop: the workstation in Electron, or in the preview host with a browser window. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CoreConfig } from '../../electron/core/process/control.ts';
import { startPreview } from '../preview/preview.ts';
import { requireFreePort } from '../support/ports.ts';
import { say, step } from '../support/progress.mjs';
import { ToolError } from '../support/tool-error.ts';
import { claim, type Held, liveHolder } from './claim.ts';
import { findElectron } from './electronRuntime.ts';
import type { Flags } from './flags.ts';
import type { Lifetime } from './lifetime.ts';
import { openWindow } from './openWindow.ts';
import { type LaptopPlaces, laptopIn, type Places } from './places.ts';

export interface HostOptions {
  readonly places: Places;
  readonly flags: Pick<Flags, 'host' | 'profile' | 'port' | 'opens'>;
  readonly service: CoreConfig['service'];
  readonly lifetime: Lifetime;
}

/** Where the person finds the workstation now. */
export type Shown =
  | { readonly in: 'electron' }
  | { readonly in: 'window' | 'address'; readonly url: string; readonly why?: string };

/**
 * Looks whether the laptop could be started as asked, before anything is.
 * @throws {ToolError} when it runs already, its port is taken, or Electron was asked for and is not there.
 */
export async function requireStartable({
  places,
  flags,
}: Pick<HostOptions, 'places' | 'flags'>): Promise<void> {
  const laptop = laptopIn(places, flags.profile);
  const runtime = findElectron(places.root);
  if (flags.host === 'electron' && !runtime.found) {
    throw new ToolError(`--host electron: ${runtime.why}. Leave --host out to use a browser instead.`);
  }
  if (flags.port !== 0) await requireFreePort(flags.port, '--port');
  const holder = await liveHolder(laptop.claim);
  if (holder !== undefined) throw alreadyRunning(laptop, holder);
}

/** Starts it. @throws {ToolError} when another process was quicker to start the same laptop. */
export async function startHost(options: HostOptions): Promise<Shown> {
  const { places, flags, lifetime } = options;
  const laptop = laptopIn(places, flags.profile);
  const runtime = findElectron(places.root);
  if (flags.host === undefined && !runtime.found)
    say(`  The workstation opens in a browser: ${runtime.why}.`);
  const held = await holdLaptop(laptop);
  await lifetime.started('the hold on the laptop', held.release);
  if (flags.host !== 'preview' && runtime.found) {
    await held.announce({ url: 'Electron' });
    return startElectron(options, laptop, runtime.program);
  }
  return startInBrowser(options, laptop, held.announce);
}

async function holdLaptop(laptop: LaptopPlaces) {
  const held = await claim(laptop.claim);
  if (held.ours) return held;
  throw alreadyRunning(laptop, held.holder);
}

function alreadyRunning(laptop: LaptopPlaces, holder: Held): ToolError {
  return new ToolError(
    `The laptop "${laptop.name}" is already running (process ${holder.pid}). ` +
      'For a second laptop beside it: npm run workstation -- --profile second',
  );
}

async function startInBrowser(
  { places, flags, service, lifetime }: HostOptions,
  laptop: LaptopPlaces,
  announce: (details: Readonly<Record<string, string>>) => Promise<void>,
): Promise<Shown> {
  const preview = await step(`Starting the laptop "${laptop.name}"`, () =>
    startPreview({
      profileDir: laptop.preview,
      service,
      port: flags.port,
      rendererDir: join(places.root, 'dist', 'renderer'),
      onDefect: ({ name, places: where }) =>
        say(`  The case process met a defect: ${name}\n    ${where.join('\n    ')}`),
    }),
  );
  await lifetime.started('the workstation', preview.stop);
  await announce({ url: `http://127.0.0.1:${preview.port}/` });
  if (!flags.opens) return { in: 'address', url: preview.url };
  const window = await openWindow(preview.url, laptop.browser);
  if (!window.shown) return { in: 'address', url: preview.url, why: window.why };
  await lifetime.started('the window', window.close);
  return { in: 'window', url: preview.newUrl() };
}

async function startElectron(
  { places, service, lifetime }: HostOptions,
  laptop: LaptopPlaces,
  program: string,
): Promise<Shown> {
  const main = join(places.root, 'dist', 'electron', 'main.js');
  if (!existsSync(main))
    throw new ToolError('The Electron shell is not built. Run npm start, which builds it.');
  await mkdir(laptop.electron, { recursive: true, mode: 0o700 });
  const config = join(laptop.electron, 'workstation.json');
  await writeFile(config, JSON.stringify({ service }), { mode: 0o600 });
  const shell = spawn(program, [main], {
    cwd: places.root,
    env: { ...process.env, TMA_CONFIG: config, TMA_PROFILE_DIR: laptop.electron },
    stdio: ['ignore', 'inherit', 'inherit'],
    // Ctrl+C in the terminal is ours to handle; the shell is asked to quit.
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<void>((done) => {
    shell.once('exit', () => done());
    shell.once('error', () => done());
  });
  const started = await new Promise<boolean>((resolve) => {
    shell.once('spawn', () => resolve(true));
    shell.once('error', () => resolve(false));
  });
  if (!started) throw new ToolError(`Electron at ${program} did not start.`);
  void ended.then(() => lifetime.end('The workstation was closed.'));
  await lifetime.started('the workstation', async () => {
    shell.kill('SIGTERM');
    await ended;
  });
  return { in: 'electron' };
}
