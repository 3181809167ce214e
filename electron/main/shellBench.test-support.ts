/** A workstation's folder and the shell started on it through the fake Electron, for one test. */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { nodeCrypto, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { FakeFrame, type FakeOptions, fakeElectron, preventable } from './fakeElectron.test-support.ts';
import { startShell } from './shell.ts';
import type { Updater } from './updates.ts';

export const indexPage = '<!doctype html><title>TMA</title>';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

const pinning = {
  serial: 1,
  pins: [1, 2].map((filler) => Buffer.alloc(32, filler).toString('base64')),
  expiresAt: '2099-01-01T00:00:00.000Z',
  updateKey: Buffer.alloc(32, 3).toString('base64url'),
};

/** A configuration as an administrator writes it. */
export const config = (more: Record<string, unknown> = {}) => ({
  service: { url: 'https://127.0.0.1:1', caPem: 'none', pinning },
  ...more,
});

type StartOptions = Partial<FakeOptions> & {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Null: the program was built without the key that vouches for updates. */
  readonly releaseKey?: null;
};

export function shellBench() {
  const root = mkdtempSync(join(tmpdir(), 'tma-shell-'));
  const fakes: ReturnType<typeof fakeElectron>[] = [];
  mkdirSync(join(root, 'renderer'));
  mkdirSync(join(root, 'user'));
  writeFileSync(join(root, 'renderer/index.html'), indexPage);
  writeFileSync(join(root, 'workstation.json'), JSON.stringify(config()));

  const begin = async (options: StartOptions = {}) => {
    const shell = await startFake(root, options);
    fakes.push(shell);
    return shell;
  };
  return {
    root,
    /** Starts the shell. */
    begin,
    /** Starts the shell and lets its page connect to the case process. */
    async open(options: StartOptions = {}) {
      const shell = await begin(options);
      shell.connect(shell.page);
      await shell.page.session({ phase: 'locked' });
      return shell;
    },
    end() {
      for (const fake of fakes) {
        fake.app.emit('will-quit', preventable());
        fake.killAll();
      }
      rmSync(root, { recursive: true });
    },
  };
}

async function startFake(root: string, options: StartOptions) {
  const fake = fakeElectron({ userData: join(root, 'user'), ...options });
  const periodic: (() => void)[] = [];
  const log: string[] = [];
  const machine = new EventEmitter();
  const updater: FakeUpdater = { calls: [], manifest: null, downloaded: () => {} };
  await startShell({
    electron: fake.electron,
    assets: { '/index.html': hash(indexPage) },
    paths: { rendererDir: join(root, 'renderer'), preload: '/app/preload.cjs', coreEntry: '/app/core.js' },
    process: {
      argv: [...(options.argv ?? ['tma'])],
      env: { TMA_CONFIG: join(root, 'workstation.json'), ...options.env },
      platform: 'linux',
      resourcesPath: root,
      on: (event, listener) => machine.on(event, listener),
    },
    clock: {
      nowMs: () => performance.now(),
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      every: (_periodMs, run) => void periodic.push(run),
    },
    updates: {
      createUpdater: () => fakeUpdater(updater),
      releaseKey: options.releaseKey === undefined ? toBase64Url(releaseSigner.publicKey) : null,
      async fetchJson(url) {
        updater.calls.push(`manifest ${url}`);
        if (updater.manifest === null) throw new Error('404');
        return updater.manifest;
      },
      crypto: nodeCrypto,
    },
    log: (event, fields) => log.push(`${event} ${JSON.stringify(fields ?? {})}`),
  });
  const [window] = fake.windows;
  const page = window?.webContents.mainFrame ?? new FakeFrame();
  return {
    ...{ ...fake, window, page, periodic, log, machine, updater, updates: updater.calls },
    /** The page that comes after this one's process was ended, connected. */
    async reopened(): Promise<FakeFrame> {
      await vi.waitUntil(() => page.destroyed, { timeout: 15_000 });
      const next = window?.webContents.mainFrame ?? new FakeFrame();
      fake.connect(next);
      return next;
    },
  };
}

/** Vouches for updates. */
export const releaseSigner = signerFromSeed(new Uint8Array(32).fill(17));

interface FakeUpdater {
  /** In the order in which the shell did things, which is what matters about them. */
  readonly calls: string[];
  /** What lies beside the update. */
  manifest: unknown;
  /** An update has been downloaded. */
  downloaded: (update: { version: string; downloadedFile: string }) => void;
}

function fakeUpdater(kept: FakeUpdater): Updater {
  const { calls } = kept;
  const updater = {
    setFeedURL: (feed: { url: string }) => calls.push(`feed ${feed.url}`),
    checkForUpdates: async () => void calls.push('check'),
    quitAndInstall: () => void calls.push('install'),
    on(name: string, listener: never) {
      if (name === 'update-downloaded') kept.downloaded = listener;
      return updater;
    },
  };
  const watched = new Proxy(updater, {
    set: (_target, name, value) => {
      calls.push(`${String(name)} ${value}`);
      return true;
    },
  });
  return watched as unknown as Updater;
}
