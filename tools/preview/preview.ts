/**
 * The preview host: runs the workstation in a normal Chromium where there is no Electron runtime. The same
 * core, the same renderer, the same contract and headers; only the window and the keystore are not the
 * product's. For development, demonstration and end-to-end tests; it is never packaged.
 */
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { CoreConfig, Defect, LockReason } from '../../electron/core/process/control.ts';
import { forkCore } from '../../electron/core/process/nodeChild.ts';
import { createRelay } from '../../electron/core/process/relay.ts';
import { createSupervisor } from '../../electron/core/process/supervisor.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { TmaError } from '../../shared/errors.ts';
import { createAdmission } from './admission.ts';
import { readRenderer } from './assetMap.ts';
import { developmentSecretStore } from './developmentSecretStore.ts';
import { createDownloads } from './downloads.ts';
import { servePages } from './pages.ts';
import { serveSockets } from './socket.ts';

export interface PreviewOptions {
  /** Folder of this laptop profile; made if missing. */
  readonly profileDir: string;
  readonly service: CoreConfig['service'];
  /** 0 or nothing takes any free port. */
  readonly port?: number;
  /** The built renderer; `dist/renderer` of this project unless told otherwise. */
  readonly rendererDir?: string;
  readonly driver?: CoreConfig['driver'];
  /** Cheaper key derivation, for tests. */
  readonly testKdf?: CoreConfig['testKdf'];
  /** Module that runs the case process; the product's unless told otherwise. */
  readonly coreEntry?: string;
  readonly onDefect?: (defect: Defect) => void;
}

export interface Preview {
  /** The address to open, with a token that works once. */
  readonly url: string;
  readonly port: number;
  /** Another address with a new token, for another browser. */
  newUrl(): string;
  /** Locks as the system would, when the screen locks. */
  lock(reason: LockReason): void;
  /** Ends the case process in good order and closes every connection. */
  stop(): Promise<void>;
}

const fromProject = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Starts the host and its case process. Throws `host.port-in-use`, what the core could not be built for, or an
 * Error that says to build the renderer first; nothing is left running then.
 */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const renderer = readRenderer(options.rendererDir ?? fromProject('dist/renderer'));
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const admission = createAdmission(port);
  const downloads = createDownloads({ tell: (path) => sockets.tellDownload(path), after });
  const supervisor = createSupervisor({
    spawn: () => forkCore(options.coreEntry ?? fromProject('electron/core/process/entry.ts')),
    config: {
      profileDir: options.profileDir,
      service: options.service,
      programVersion: packageJson.version,
      driver: options.driver ?? 'auto',
      ...(options.testKdf === undefined ? {} : { testKdf: options.testKdf }),
    },
    secrets: developmentSecretStore(options.profileDir),
    clock: { nowMs: () => performance.now(), after },
    choosePlace: downloads.choosePlace,
    onDefect: options.onDefect ?? (() => {}),
  });
  server.on('request', servePages({ port, admission, renderer, downloads }));
  const sockets = serveSockets(server, admission, createRelay(supervisor, after));

  const stop = async (): Promise<void> => {
    sockets.close();
    downloads.close();
    await supervisor.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  try {
    await supervisor.start();
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  const newUrl = () => `http://127.0.0.1:${port}/?token=${admission.newToken()}`;
  return { url: newUrl(), port, newUrl, lock: (reason) => supervisor.lock(reason), stop };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new TmaError('host.port-in-use', { port }, error) : error),
    );
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
