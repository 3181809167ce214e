/**
 * How a file leaves the vault in the preview host: the page opens a one-time address, and what the case process
 * writes into a pipe is the answer. Nothing of it is kept here, and no file is made on the way.
 *
 *   pipe   {length u32, bytes}…, at the end one of length 0: without it the file broke off, and so does the answer
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byteReader } from '../../electron/core/files/byteReader.ts';
import type { FilePlace, PlaceRequest } from '../../electron/core/process/control.ts';

export interface Downloads {
  /** Asks the page to fetch the file; null when none does. */
  choosePlace(request: PlaceRequest): Promise<FilePlace | null>;
  /** Answers an address of a file; false when the path is none of them. */
  serve(path: string, response: ServerResponse, headers: Readonly<Record<string, string>>): boolean;
  close(): void;
}

export interface DownloadsDeps {
  /** Tells the newest page that a file waits there; false when there is no page. */
  readonly tell: (path: string) => boolean;
  readonly after: (delayMs: number, run: () => void) => () => void;
}

export const downloadPath = '/download/';
/** A browser that was told fetches at once. */
const patienceMs = 30_000;

interface Waiting {
  readonly request: PlaceRequest;
  readonly settle: (place: FilePlace | null) => void;
}

export function createDownloads({ tell, after }: DownloadsDeps): Downloads {
  const waiting = new Map<string, Waiting>();
  const folder = mkdtempSync(join(tmpdir(), 'tma-preview-'));
  const open = new Set<Server>();

  const send = (response: ServerResponse, { settle }: Waiting): void => {
    const server = createServer();
    open.add(server);
    const path = pipePath(folder);
    const end = (): void => {
      server.close();
      open.delete(server);
    };
    const giveUp = after(patienceMs, () => {
      end();
      response.destroy();
    });
    server.once('connection', (socket) => {
      giveUp();
      end();
      void carry(socket, response);
    });
    server.on('error', () => settle(null));
    server.listen(path, () => settle({ type: 'pipe', path }));
    response.once('close', () => {
      giveUp();
      end();
    });
  };

  return {
    choosePlace(request) {
      const path = downloadPath + randomBytes(24).toString('base64url');
      return new Promise((resolve) => {
        const settle = (place: FilePlace | null): void => {
          cancel();
          waiting.delete(path);
          resolve(place);
        };
        const cancel = after(patienceMs, () => settle(null));
        waiting.set(path, { request, settle });
        if (!tell(path)) settle(null);
      });
    },
    serve(path, response, headers) {
      const found = waiting.get(path);
      if (found === undefined) return false;
      waiting.delete(path);
      const { name, sizeBytes } = found.request;
      response.writeHead(200, {
        ...headers,
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
        ...(sizeBytes === null ? {} : { 'Content-Length': sizeBytes }),
      });
      send(response, found);
      return true;
    },
    close() {
      for (const server of open) server.close();
      for (const { settle } of waiting.values()) settle(null);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function carry(socket: Socket, response: ServerResponse): Promise<void> {
  response.once('close', () => socket.destroy());
  const reader = byteReader(socket);
  try {
    for (;;) {
      const length = await frameLength(reader);
      if (length === 0) break;
      for await (const bytes of reader.take(length)) {
        if (!response.write(bytes)) await once(response, 'drain');
      }
    }
    response.end();
  } catch {
    // The browser shows a download that broke off; the person reads why in the workstation.
    response.destroy();
    socket.destroy();
  }
}

async function frameLength(reader: ReturnType<typeof byteReader>): Promise<number> {
  const head = Buffer.alloc(4);
  let at = 0;
  for await (const bytes of reader.take(head.length)) at += Buffer.from(bytes).copy(head, at);
  if (at < head.length) throw new Error('the file broke off');
  return head.readUInt32BE();
}

function pipePath(folder: string): string {
  const name = randomBytes(12).toString('hex');
  return process.platform === 'win32' ? `\\\\.\\pipe\\tma-${name}` : join(folder, name);
}
