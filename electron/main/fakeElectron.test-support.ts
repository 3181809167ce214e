/**
 * The few parts of Electron the shell uses, in this process, true to how Electron behaves: ports are pairs that
 * clone what they carry, the utility process is a real process, an event can be prevented. What the shell did
 * is kept in `calls`, in order.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ElectronApi } from './api.ts';

const testCore = fileURLToPath(new URL('../core/process/testCore.test-support.ts', import.meta.url));

export interface FakeOptions {
  readonly userData: string;
  readonly packaged?: boolean;
  readonly first?: boolean;
  readonly locale?: string;
  /** What `getSelectedStorageBackend` says. */
  readonly keystore?: string;
  /** Which button the person presses when asked. */
  readonly pressed?: number;
  /** Where the person saves a file; nowhere unless told. */
  readonly savePath?: string;
}

export function fakeElectron(options: FakeOptions) {
  const calls: string[] = [];
  const app = fakeApp(options, calls);
  const fakeSession = new FakeSession();
  const windows: FakeWindow[] = [];
  const cores: FakeUtility[] = [];
  const shown: { title: string; content: string }[] = [];
  const opened: string[] = [];
  const notices: { title: string; body: string }[] = [];
  const clipboard = fakeClipboard();
  const powerMonitor = Object.assign(new EventEmitter(), {
    idleSeconds: 0,
    getSystemIdleTime: (): number => powerMonitor.idleSeconds,
  });
  const ipcMain = new EventEmitter();
  const menus: FakeMenuItem[] = [];

  const api = {
    app,
    ipcMain,
    powerMonitor,
    clipboard,
    MessageChannelMain: FakeChannel,
    Notification: class extends EventEmitter {
      static isSupported = () => true;
      show: () => void;
      constructor(made: { title: string; body: string }) {
        super();
        this.show = () => void notices.push(made);
      }
    },
    BrowserWindow: class extends FakeWindow {
      constructor(made: Record<string, unknown>) {
        super(made);
        calls.push('window');
        windows.push(this);
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    dialog: {
      showErrorBox: (title: string, content: string) => shown.push({ title, content }),
      showMessageBox: async () => ({ response: options.pressed ?? 0 }),
      showSaveDialog: async (owner: FakeWindow, asked: { defaultPath: string }) => {
        calls.push(`save ${asked.defaultPath} ${windows.indexOf(owner)}`);
        const filePath = options.savePath ?? '';
        return { canceled: filePath === '', filePath };
      },
    },
    Menu: {
      buildFromTemplate: (template: readonly FakeMenuItem[]) => {
        menus.push(...template);
        return template;
      },
      setApplicationMenu: () => calls.push('menu'),
    },
    protocol: { registerSchemesAsPrivileged: () => calls.push('scheme') },
    safeStorage: fakeSafeStorage(options.keystore ?? 'gnome_libsecret'),
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: {
      fromPartition: (partition: string, how: unknown) => {
        calls.push(`session ${partition} ${JSON.stringify(how)}`);
        return fakeSession;
      },
    },
    shell: { openExternal: async (url: string) => void opened.push(url) },
    utilityProcess: {
      fork: (entry: string, args: string[], how: Record<string, unknown>) => {
        const core = new FakeUtility({ entry, args, ...how });
        cores.push(core);
        return core;
      },
    },
  };
  return {
    // The fake has what the shell uses and not the hundreds of members it does not.
    electron: api as unknown as ElectronApi,
    ...{ app, ipcMain, powerMonitor, session: fakeSession, windows, cores, shown, opened, calls },
    ...{ clipboard, notices },
    /** Somebody presses the keys of a menu's item. */
    pressKeys: (accelerator: string) => itemWith(menus, accelerator)?.click?.(),
    /** A page's preload script asks for its port. */
    connect: (frame: FakeFrame | null) => ipcMain.emit('tma:connect', { senderFrame: frame }),
    killAll: () => {
      for (const core of cores) core.kill();
    },
  };
}

interface FakeMenuItem {
  readonly accelerator?: string;
  readonly click?: () => void;
  readonly submenu?: readonly FakeMenuItem[];
}

function itemWith(items: readonly FakeMenuItem[], accelerator: string): FakeMenuItem | undefined {
  return items
    .flatMap((item) => [item, ...(item.submenu ?? [])])
    .find((item) => item.accelerator === accelerator);
}

function fakeApp(options: FakeOptions, calls: string[]) {
  const app = Object.assign(new EventEmitter(), {
    isPackaged: options.packaged ?? false,
    exitCode: null as number | null,
    ended: false,
    userData: options.userData,
    getLocale: () => options.locale ?? 'en-GB',
    getVersion: () => '1.4.0',
    getPath: () => app.userData,
    setPath: (_name: string, path: string) => {
      app.userData = path;
    },
    setAsDefaultProtocolClient: (scheme: string) => calls.push(`scheme ${scheme}`),
    commandLine: { appendSwitch: (name: string, value: string) => calls.push(`--${name}=${value}`) },
    enableSandbox: () => void calls.push('sandbox'),
    requestSingleInstanceLock: () => {
      calls.push('single');
      return options.first ?? true;
    },
    whenReady: async () => void calls.push('ready'),
    exit: (code: number) => {
      app.exitCode = code;
    },
    quit: () => {
      const event = preventable();
      app.emit('will-quit', event);
      app.ended = !event.prevented;
    },
  });
  return app;
}

function fakeClipboard() {
  const clipboard = {
    text: '',
    readText: async () => clipboard.text,
    writeText: async (text: string) => {
      clipboard.text = text;
    },
    clear: () => {
      clipboard.text = '';
    },
  };
  return clipboard;
}

function fakeSafeStorage(backend: string) {
  const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
  return {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: async (text: string) => turned(Buffer.from(text)),
    decryptStringAsync: async (bytes: Buffer) => ({
      result: turned(bytes).toString(),
      shouldReEncrypt: false,
    }),
  };
}

export function preventable() {
  const event = {
    prevented: false,
    preventDefault: () => {
      event.prevented = true;
    },
  };
  return event;
}

type Handler = (...args: never[]) => unknown;

/** Keeps what was installed, so that a test can ask as Chromium would. */
class FakeSession extends EventEmitter {
  handlers: Record<string, Handler> = {};
  spellChecker = true;
  protocol = { handle: (scheme: string, handler: Handler) => this.keep(`protocol ${scheme}`, handler) };
  webRequest = {
    onBeforeRequest: (...args: unknown[]) => {
      if (args.length !== 1) throw new Error('E08: no URL filter');
      this.keep('request', args[0] as Handler);
    },
  };
  setPermissionRequestHandler = (handler: Handler) => this.keep('permission request', handler);
  setPermissionCheckHandler = (handler: Handler) => this.keep('permission check', handler);
  setDevicePermissionHandler = (handler: Handler) => this.keep('device', handler);
  setBluetoothPairingHandler = (handler: Handler) => this.keep('bluetooth', handler);
  setDisplayMediaRequestHandler = (handler: Handler) => this.keep('display', handler);
  setCertificateVerifyProc = (handler: Handler) => this.keep('certificate', handler);
  proxy: unknown = null;
  tls: unknown = null;
  setProxy = async (proxy: unknown) => {
    this.proxy = proxy;
  };
  setSSLConfig = (tls: unknown) => {
    this.tls = tls;
  };
  setSpellCheckerEnabled = (on: boolean) => {
    this.spellChecker = on;
  };

  keep(name: string, handler: Handler): void {
    this.handlers[name] = handler;
  }

  ask(name: string, ...args: unknown[]): unknown {
    const handler = this.handlers[name];
    if (handler === undefined) throw new Error(`no handler for ${name}`);
    return (handler as (...args: unknown[]) => unknown)(...args);
  }
}

/** A frame that keeps what it is sent and can call the core over the newest port. */
export class FakeFrame {
  url: string;
  parent: unknown = null;
  detached = false;
  destroyed = false;
  notices: { state: string; error?: unknown }[] = [];
  messages: Record<string, unknown>[] = [];
  port: FakePort | null = null;
  private waiting: (() => void)[] = [];
  private lastId = 0;

  constructor(url = 'app://tma/') {
    this.url = url;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  postMessage(_channel: string, notice: { state: string }, ports: FakePort[]): void {
    this.notices.push(notice);
    const [port] = ports;
    if (port !== undefined) this.use(port);
    this.wake();
  }

  private use(port: FakePort): void {
    this.port = port;
    port.on('message', ({ data }) => {
      this.messages.push(data as Record<string, unknown>);
      this.wake();
    });
    port.start();
  }

  call(procedure: string, input: unknown = {}): Promise<Record<string, unknown>> {
    const id = ++this.lastId;
    this.port?.postMessage({ type: 'call', id, procedure, input });
    return this.until(() => this.messages.find((message) => message.id === id));
  }

  session(wanted: Record<string, unknown>): Promise<unknown> {
    const matches = (payload: Record<string, unknown>) =>
      Object.entries(wanted).every(([key, value]) => payload[key] === value);
    return this.until(() =>
      this.messages.find((m) => m.name === 'session' && matches(m.payload as Record<string, unknown>)),
    );
  }

  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

class FakeContents extends EventEmitter {
  mainFrame = new FakeFrame();
  loaded: string[] = [];
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }) => {
    this.openHandler = handler;
  };
  loadURL = async (url: string) => void this.loaded.push(url);
  isDestroyed = () => false;
  /** As in Electron: the frame goes with its process, and a new one comes with the next page. */
  forcefullyCrashRenderer = () => {
    this.mainFrame.destroyed = true;
    this.mainFrame = new FakeFrame();
    this.emit('render-process-gone', {}, { reason: 'killed' });
  };
  webRtc = '';
  setWebRTCIPHandlingPolicy = (policy: string) => {
    this.webRtc = policy;
  };
  covers = new Map<string, string>();
  insertCSS = async (css: string, { cssOrigin }: { cssOrigin: string }) => {
    const key = `${cssOrigin} ${this.covers.size + 1}`;
    this.covers.set(key, css);
    return key;
  };
  removeInsertedCSS = async (key: string) => void this.covers.delete(key);
}

export class FakeWindow extends EventEmitter {
  made: Record<string, unknown>;
  webContents = new FakeContents();
  contentProtection: boolean | null = null;
  did: string[] = [];
  minimized = false;
  focused = true;

  constructor(made: Record<string, unknown>) {
    super();
    this.made = made;
  }

  setContentProtection = (on: boolean) => {
    this.contentProtection = on;
  };
  loadURL = (url: string) => this.webContents.loadURL(url);
  maximize = () => this.did.push('maximize');
  show = () => this.did.push('show');
  focus = () => this.did.push('focus');
  restore = () => this.did.push('restore');
  isFocused = () => this.focused;
  isDestroyed = () => false;
  isMinimized = () => this.minimized;
  isMaximized = () => false;
  getNormalBounds = () => ({ x: 10, y: 20, width: 1000, height: 700 });
}

/** One end of a channel. What is posted is cloned; what arrives before `start` waits. */
export class FakePort extends EventEmitter {
  other: FakePort | null = null;
  private queue: unknown[] | null = [];

  postMessage(message: unknown): void {
    const data = structuredClone(message);
    setImmediate(() => this.other?.arrive(data));
  }

  start(): void {
    const waiting = this.queue ?? [];
    this.queue = null;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  close(): void {
    setImmediate(() => this.other?.emit('close'));
  }

  private arrive(data: unknown): void {
    if (this.queue === null) this.emit('message', { data, ports: [] });
    else this.queue.push(data);
  }
}

class FakeChannel {
  port1 = new FakePort();
  port2 = new FakePort();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

/** A real process behind `utilityProcess`; transferred ports are carried over its IPC channel. */
class FakeUtility extends EventEmitter {
  how: Record<string, unknown>;
  child: ChildProcess;
  private ports = new Map<number, FakePort>();

  constructor(how: Record<string, unknown>) {
    super();
    this.how = how;
    this.child = fork(testCore, [], { serialization: 'advanced', execArgv: [] });
    this.child.on('message', (message) => this.fromChild(message as Record<string, unknown>));
    this.child.once('exit', (code) => {
      for (const port of this.ports.values()) port.close();
      this.emit('exit', code);
    });
  }

  postMessage(message: Record<string, unknown>, transfer: FakePort[]): void {
    const [port] = transfer;
    this.send(message);
    if (message.type !== 'port-open' || port === undefined) return;
    const id = message.port as number;
    this.ports.set(id, port);
    port.on('message', ({ data }) => this.send({ type: 'port-message', port: id, data }));
    port.start();
  }

  kill(): boolean {
    return this.child.kill('SIGKILL');
  }

  private send(message: Record<string, unknown>): void {
    if (this.child.connected) this.child.send(message, () => {});
  }

  private fromChild(message: Record<string, unknown>): void {
    if (message.type === 'port-message') this.ports.get(message.port as number)?.postMessage(message.data);
    else this.emit('message', message);
  }
}
