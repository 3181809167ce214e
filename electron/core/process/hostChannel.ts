/**
 * The case process's line to its host. Electron's utility process has `process.parentPort` and receives real
 * ports; a Node child process has `process.send` and carries data ports inside the control channel.
 */
import { type CoreToHost, type DataPort, type HostToCore, hostToCoreSchema } from './control.ts';

type Control = Exclude<HostToCore, { type: 'port-open' | 'port-message' | 'port-close' }>;

export interface HostChannel {
  send(message: CoreToHost): void;
  /** Resolves when everything sent so far has left this process; await it before ending. */
  flush(): Promise<void>;
  onControl(listener: (message: Control) => void): void;
  onPort(listener: (port: DataPort) => void): void;
  /** The host is gone; there is nobody left to work for. */
  onHostGone(listener: () => void): void;
}

/** What Electron puts on `process`; described here because the core never imports `electron`. */
interface TransferredPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}
interface ParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly TransferredPort[] }) => void,
  ): unknown;
}

type HostProcess = Pick<NodeJS.Process, 'send' | 'on'> & { readonly parentPort?: ParentPort };

/** The channel this process was started with, or null when nobody started it as a case process. */
export function hostChannel(host: HostProcess = process as HostProcess): HostChannel | null {
  if (host.parentPort !== undefined) return utilityChannel(host.parentPort);
  return host.send === undefined ? null : childChannel(host);
}

/** A channel over Electron's `parentPort`. The host's end cannot close without ending this process too. */
export function utilityChannel(parentPort: ParentPort): HostChannel {
  const control = listeners<Control>();
  const ports = listeners<DataPort>();
  parentPort.on('message', ({ data, ports: [port] }) => {
    const message = hostToCoreSchema.parse(data);
    if (message.type === 'port-open') {
      if (port !== undefined) ports.tell(transferredPort(port));
    } else if (message.type !== 'port-message' && message.type !== 'port-close') control.tell(message);
  });
  return {
    send: (message) => parentPort.postMessage(message),
    // A posted message is in the host's pipe when postMessage returns.
    flush: () => new Promise((resolve) => setImmediate(resolve)),
    onControl: control.add,
    onPort: ports.add,
    onHostGone: () => {},
  };
}

function transferredPort(port: TransferredPort): DataPort {
  return {
    send: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
  };
}

/** A channel over a Node child process's IPC, with any number of data ports inside it. */
export function childChannel(host: Pick<HostProcess, 'send' | 'on'>): HostChannel {
  const control = listeners<Control>();
  const ports = listeners<DataPort>();
  const open = new Map<number, { message: Listeners<unknown>; close: Listeners<void> }>();
  let lastSent: Promise<void> = Promise.resolve();
  const send = (message: CoreToHost) => {
    lastSent = new Promise((resolve) => {
      if (host.send?.(message, () => resolve()) === undefined) resolve();
    });
  };

  const openPort = (id: number) => {
    const inside = { message: listeners<unknown>(), close: listeners<void>() };
    open.set(id, inside);
    ports.tell({
      send: (data) => send({ type: 'port-message', port: id, data }),
      onMessage: inside.message.add,
      onClose: inside.close.add,
    });
  };
  host.on('message', (raw) => {
    const message = hostToCoreSchema.parse(raw);
    if (message.type === 'port-open') openPort(message.port);
    else if (message.type === 'port-message') open.get(message.port)?.message.tell(message.data);
    else if (message.type === 'port-close') {
      open.get(message.port)?.close.tell();
      open.delete(message.port);
    } else control.tell(message);
  });
  return {
    send,
    flush: () => lastSent,
    onControl: control.add,
    onPort: ports.add,
    onHostGone: (listener) => void host.on('disconnect', listener),
  };
}

interface Listeners<T> {
  add(listener: (value: T) => void): void;
  tell(value: T): void;
}

function listeners<T>(): Listeners<T> {
  const all: ((value: T) => void)[] = [];
  return {
    add: (listener) => void all.push(listener),
    tell: (value) => {
      for (const listener of all) listener(value);
    },
  };
}
