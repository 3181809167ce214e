/** The first file of the packaged program: the real Electron, the real clock, the paths of the build. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as electron from 'electron';
import electronUpdater from 'electron-updater';
import { nodeCrypto } from '../../platform/crypto.ts';
import type { AssetMap } from '../policy/assets.ts';
import { lineLog } from './log.ts';
import { startShell } from './shell.ts';

/** Put here by the build, from the renderer it was made with (E02). */
declare const RENDERER_ASSETS: AssetMap;
/** Put here by the build, from `TMA_RELEASE_KEY`; empty where there is none, and then nothing is updated (E17). */
declare const RELEASE_KEY: string;

const here = dirname(fileURLToPath(import.meta.url));

void startShell({
  electron,
  assets: RENDERER_ASSETS,
  paths: {
    rendererDir: join(here, '../renderer'),
    preload: join(here, 'preload.cjs'),
    coreEntry: join(here, 'core.js'),
  },
  process,
  clock: {
    nowMs: () => performance.now(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    every: (periodMs, run) => void setInterval(run, periodMs),
  },
  updates: {
    createUpdater: () => electronUpdater.autoUpdater,
    releaseKey: RELEASE_KEY === '' ? null : RELEASE_KEY,
    async fetchJson(url) {
      const answer = await electron.net.fetch(url, { redirect: 'error', credentials: 'omit' });
      if (!answer.ok) throw new Error('no manifest');
      return answer.json();
    },
    crypto: nodeCrypto,
  },
  log: lineLog((line) => process.stderr.write(line), Date.now),
});
