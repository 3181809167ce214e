/**
 * The shell's life: refuse a bad start, be the only one, make the one window, keep the case process running,
 * lock when the person leaves. It decides nothing itself: `electron/policy` does.
 */
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { type ClipboardKeeper, createClipboardKeeper } from '../core/process/clipboardKeeper.ts';
import { createSupervisor, type Supervisor } from '../core/process/supervisor.ts';
import type { AssetMap } from '../policy/assets.ts';
import { externalLink } from '../policy/navigation.ts';
import { resolverRules } from '../policy/requests.ts';
import { refusedStart } from '../policy/switches.ts';
import { SESSION_PARTITION } from '../policy/window.ts';
import type { ElectronApi } from './api.ts';
import { hardenSession, registerAppScheme } from './appSession.ts';
import { serveAssets } from './assetServer.ts';
import { configPath, readConfig, type WorkstationConfig } from './config.ts';
import { forkUtilityCore } from './coreChild.ts';
import { type DefectDeps, watchForDefects } from './defects.ts';
import { guardPages } from './guards.ts';
import { listenForPages } from './ipc.ts';
import { openKeystore } from './keystore.ts';
import { followLinks } from './links.ts';
import type { Log } from './log.ts';
import { menuTemplate } from './menu.ts';
import { createNotices } from './notices.ts';
import { createPortHandover } from './portHandover.ts';
import { lockOnPower } from './power.ts';
import { createSavePlace } from './savePlace.ts';
import { sayIn, type TextKey } from './texts.ts';
import { startUpdates, type UpdateSource } from './updates.ts';
import { openWindow, unloadPage } from './window.ts';

export interface ShellDeps {
  readonly electron: ElectronApi;
  /** Path → SHA-256 of the renderer this shell was built with. */
  readonly assets: AssetMap;
  readonly paths: { readonly rendererDir: string; readonly preload: string; readonly coreEntry: string };
  readonly process: Pick<NodeJS.Process, 'argv' | 'env' | 'platform'> &
    DefectDeps['process'] & { readonly resourcesPath: string };
  readonly clock: {
    nowMs(): number;
    after(delayMs: number, run: () => void): () => void;
    every(periodMs: number, run: () => void): void;
  };
  readonly updates: UpdateSource;
  readonly log: Log;
}

/** Exit codes after sysexits.h: a bad start, a bad configuration. */
const exitCodes = { refused: 64, config: 78, failed: 70 } as const;

/** Runs until the program ends. Resolves when the window is open, or when it will not be. */
export async function startShell(deps: ShellDeps): Promise<void> {
  const { app, dialog, protocol } = deps.electron;
  const packaged = app.isPackaged;
  const give = (code: number, explain: () => string, title: TextKey = 'start.title'): void => {
    dialog.showErrorBox(sayIn(app.getLocale())(title), explain());
    app.exit(code);
  };
  // E15: from the first moment on.
  watchForDefects({
    ...{ process: deps.process, app, log: deps.log },
    giveUp: () => give(exitCodes.failed, () => sayIn(app.getLocale())('defect.ended'), 'defect.title'),
  });

  // E12: before anything is read.
  const refused = refusedStart({ packaged, ...deps.process });
  if (refused.length > 0) {
    deps.log('start.refused', { names: refused });
    give(exitCodes.refused, () => sayIn(app.getLocale())('start.refused', { names: refused.join(', ') }));
    return;
  }
  const profile = packaged ? undefined : deps.process.env.TMA_PROFILE_DIR;
  if (profile !== undefined) app.setPath('userData', profile);

  // E16: before any I/O; the other one is told and shows itself.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  // E01, E02: both only work before the program is ready.
  app.enableSandbox();
  registerAppScheme(protocol);

  const path = configPath({ packaged, ...deps.process });
  const config = tryRead(path, packaged);
  // E08
  app.commandLine.appendSwitch('host-resolver-rules', resolverRules(config?.updates?.url));
  const running: Running = { window: null, supervisor: null };
  guardPages(app, {
    askToOpen: (link) => void askToOpen(deps.electron, link),
    externalHosts: () => new Set(config?.externalHosts ?? []),
    log: deps.log,
  });
  followLinks({
    ...{ app, log: deps.log },
    supervisor: () => running.supervisor,
    show() {
      if (running.window?.isMinimized()) running.window.restore();
      running.window?.focus();
    },
  });

  await app.whenReady();
  if (config === null) {
    give(exitCodes.config, () => sayIn(app.getLocale())('start.config', { path }));
    return;
  }
  await run(deps, config, running).catch(() => {
    deps.log('start.failed');
    give(exitCodes.failed, () => sayIn(app.getLocale())('start.failed'));
  });
}

function tryRead(path: string, packaged: boolean): WorkstationConfig | null {
  try {
    return readConfig(path, { packaged });
  } catch {
    return null;
  }
}

/** What there is of the program so far. */
interface Running {
  window: BrowserWindow | null;
  supervisor: Supervisor | null;
}

async function run(deps: ShellDeps, config: WorkstationConfig, running: Running): Promise<void> {
  const { electron, log } = deps;
  const { app } = electron;
  const packaged = app.isPackaged;
  const userData = app.getPath('userData');

  await hardenSession(electron.session.fromPartition(SESSION_PARTITION, { cache: false }), {
    packaged,
    serve: serveAssets({ assets: deps.assets, rendererDir: deps.paths.rendererDir, log }),
  });
  const supervisor = await makeSupervisor(deps, config, () => running.window);
  running.supervisor = supervisor;
  const lock = supervisor.lock;
  listenForPages(electron, createPortHandover(supervisor, electron.MessageChannelMain), log);
  lockOnPower({ powerMonitor: electron.powerMonitor, lock, every: deps.clock.every });
  const say = sayIn(app.getLocale());
  const { platform } = deps.process;
  const menu = menuTemplate({ say, packaged, platform, lock: () => lock('user') });
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menu));
  const { blankOnBlur } = config.screen;
  const window = openWindow({ electron, packaged, preload: deps.paths.preload, userData, blankOnBlur, log });
  running.window = window;
  window.on('closed', () => {
    running.window = null;
  });
  const clipboard = createClipboardKeeper({ clipboard: electron.clipboard, after: deps.clock.after });
  followVault(deps, { supervisor, window, clipboard, news: say('notice.news') });
  const updates = startUpdates({
    ...{ source: deps.updates, config: config.updates, packaged, userData, log },
    ...{ version: app.getVersion(), every: deps.clock.every },
  });
  endWithWindow(app, {
    async stop() {
      await supervisor.stop();
      await clipboard.clear();
    },
    install: updates.installAtEnd,
  });
  // Why it could not start is told to the person by the renderer, whose calls are answered with the reason.
  supervisor.start().catch(() => log('core.failed'));
}

async function makeSupervisor(
  deps: ShellDeps,
  config: WorkstationConfig,
  window: () => BrowserWindow | null,
): Promise<Supervisor> {
  const { app, dialog, safeStorage, utilityProcess } = deps.electron;
  const userData = app.getPath('userData');
  const { platform, env } = deps.process;
  return createSupervisor({
    spawn: () => forkUtilityCore(utilityProcess, { entry: deps.paths.coreEntry, env }),
    config: {
      profileDir: join(userData, 'profile'),
      service: config.service,
      programVersion: app.getVersion(),
      driver: 'auto',
    },
    secrets: await openKeystore({ safeStorage, platform, path: join(userData, 'keystore.json') }),
    clock: deps.clock,
    choosePlace: createSavePlace({ dialog, window }),
    onDefect: (defect) => deps.log('core.defect', defect),
    async openInBrowser(url) {
      // E05, S02: the page of a sign-in goes the way of every other address.
      const link = externalLink(url, new Set(config.externalHosts));
      if (link.open !== 'ask') {
        deps.log('window.refused', { reason: link.reason });
        return 'refused';
      }
      return (await askToOpen(deps.electron, link)) ? 'opened' : 'refused';
    },
  });
}

interface Followed {
  readonly supervisor: Supervisor;
  readonly window: BrowserWindow;
  readonly clipboard: ClipboardKeeper;
  readonly news: string;
}

/** What the shell does when the vault is closed, and with what comes out of it while it is open. */
function followVault(
  { electron, clock }: ShellDeps,
  { supervisor, window, clipboard, news }: Followed,
): void {
  const notify = createNotices({
    ...{ Notification: electron.Notification, window, text: news },
    nowMs: clock.nowMs,
  });
  let wasOpen = false;
  supervisor.listen({
    coreReady() {},
    coreEnding() {},
    coreGone() {
      // After the last answers, so that a screen can still say what it was told.
      if (wasOpen && !window.isDestroyed()) unloadPage(window.webContents);
      wasOpen = false;
    },
    vault(open) {
      if (open) wasOpen = true;
      else void clipboard.clear();
    },
    copy: clipboard.copy,
    news: notify,
  });
}

interface Ending {
  readonly stop: () => Promise<void>;
  readonly install: () => Promise<boolean>;
}

/** The program ends with its window, and only after the case process has closed the vault. */
function endWithWindow(app: ElectronApi['app'], { stop, install }: Ending): void {
  let stopped = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void stop().then(async () => {
      stopped = true;
      // E17: what may be installed is installed now, with the vault closed; that ends the program, too.
      if (!(await install())) app.quit();
    });
  });
}

/** E05: an address opens outside only after the person saw its host and agreed. */
async function askToOpen(
  { app, dialog, shell }: ElectronApi,
  link: { readonly url: string; readonly host: string },
): Promise<boolean> {
  const say = sayIn(app.getLocale());
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: say('external.title'),
    detail: say('external.detail', { host: link.host }),
    buttons: [say('external.cancel'), say('external.open')],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  if (response !== 1) return false;
  await shell.openExternal(link.url);
  return true;
}
