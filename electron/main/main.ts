/** The first file of the packaged program: the real Electron, the real clock, the paths of the build. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as electron from 'electron';
import electronUpdater from 'electron-updater';
import type { AssetMap } from '../policy/assets.ts';
import { lineLog } from './log.ts';
import { startShell } from './shell.ts';

/** Put here by the build, from the renderer it was made with (E02). */
declare const RENDERER_ASSETS: AssetMap;

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
  createUpdater: () => electronUpdater.autoUpdater,
  log: lineLog((line) => process.stderr.write(line), Date.now),
});
