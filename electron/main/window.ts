/** The one window. */
import { join } from 'node:path';
import type { BrowserWindow, WebContents } from 'electron';
import { APP_START_URL } from '../policy/origin.ts';
import { deadEnd } from '../policy/requests.ts';
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
  /** E13: show nothing while another window is in front. */
  readonly blankOnBlur: boolean;
  readonly log: Log;
}

/** E13: a page that shows nothing, laid over ours from outside it, where no script of the page can take it off. */
const blank = 'html { visibility: hidden !important; } * { visibility: inherit !important; }';

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
  // E08
  window.webContents.setWebRTCIPHandlingPolicy(deadEnd.webRtc);
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
  if (deps.blankOnBlur) blankOnBlur(window);
  reviveOnCrash(window.webContents, deps.log);
  load(window.webContents, deps.log);
  return window;
}

function blankOnBlur(window: BrowserWindow): void {
  const contents = window.webContents;
  let shown: Promise<string> | null = null;
  window.on('blur', () => {
    shown ??= contents.insertCSS(blank, { cssOrigin: 'user' });
  });
  window.on('focus', () => {
    const covering = shown;
    shown = null;
    // A page that was loaded meanwhile has lost its cover already.
    covering?.then((key) => contents.removeInsertedCSS(key)).catch(() => {});
  });
  contents.on('did-finish-load', () => {
    shown = window.isFocused() ? null : contents.insertCSS(blank, { cssOrigin: 'user' });
  });
}

/**
 * Ends the page's process, and with it everything that was on the screen and in the memory behind it: after a lock
 * (or a crash of the case process) no page that has seen case data lives on. A fresh one is loaded in its place.
 */
export function unloadPage(contents: WebContents): void {
  if (!contents.isDestroyed()) contents.forcefullyCrashRenderer();
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
