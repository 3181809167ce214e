/** The one window. */
import { join } from 'node:path';
import type { BrowserWindow, WebContents } from 'electron';
import { APP_START_URL } from '../policy/origin.ts';
import { contentProtected, WINDOW_TITLE, webPreferences } from '../policy/window.ts';
import type { ElectronApi } from './api.ts';
import type { Log } from './log.ts';
import { defaultSize, minimumSize, placeOnScreens, readPlace, writePlace } from './windowState.ts';

export interface WindowDeps {
  readonly electron: Pick<ElectronApi, 'BrowserWindow' | 'screen'>;
  readonly packaged: boolean;
  readonly preload: string;
  /** Folder for the window's place. */
  readonly userData: string;
  readonly log: Log;
}

export function openWindow(deps: WindowDeps): BrowserWindow {
  const { BrowserWindow, screen } = deps.electron;
  const placePath = join(deps.userData, 'window.json');
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const { maximized, ...bounds } = placeOnScreens(readPlace(placePath), screens) ?? {
    ...defaultSize,
    maximized: false,
  };
  const window = new BrowserWindow({
    ...bounds,
    ...minimumSize,
    show: false,
    title: WINDOW_TITLE,
    // E01
    webPreferences: webPreferences(deps),
  });
  // E13
  window.setContentProtection(contentProtected(deps));
  window.on('page-title-updated', (event) => event.preventDefault());

  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.on('close', () => {
    writePlace(placePath, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  reviveOnCrash(window.webContents, deps.log);
  load(window.webContents, deps.log);
  return window;
}

function load(contents: WebContents, log: Log): void {
  contents.loadURL(APP_START_URL).catch(() => log('renderer.not-loaded'));
}

/** A renderer that crashes holds nothing that is not in the vault: the page is loaded again. */
function reviveOnCrash(contents: WebContents, log: Log): void {
  contents.on('render-process-gone', (_event, details) => {
    log('renderer.gone', { reason: details.reason });
    if (details.reason !== 'clean-exit' && !contents.isDestroyed()) load(contents, log);
  });
}
