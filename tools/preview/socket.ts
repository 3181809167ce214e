/** Carries the contract's messages between the browser and the case process, as JSON text. */
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Relay } from '../../electron/core/process/relay.ts';
import { unreadableId } from '../../shared/contract/callLine.ts';
import type { DownloadNotice } from '../../shared/contract/ports.ts';
import type { Admission } from './admission.ts';

export const SOCKET_PATH = '/contract';

/** Above the dispatcher's cap, so that a message somewhat too large is answered and not just cut off. */
const maxPayloadBytes = 4 * 1024 * 1024;

export interface Sockets {
  /** Tells the newest page to fetch a file; false when there is none. */
  tellDownload(path: string): boolean;
  /** Says goodbye to every browser. */
  close(): void;
}

export function serveSockets(server: Server, admission: Admission, relay: Relay): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  });
  server.on('upgrade', (request, stream, head) => {
    const { headers } = request;
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== SOCKET_PATH || !admission.fromOurPage(headers) || !admission.admitted(headers)) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => carry(socket, relay));
  });
  return {
    tellDownload(path) {
      const newest = [...sockets.clients].findLast((socket) => socket.readyState === socket.OPEN);
      newest?.send(JSON.stringify({ type: 'download', path } satisfies DownloadNotice));
      return newest !== undefined;
    },
    close() {
      for (const socket of sockets.clients) socket.close(1001);
      sockets.close();
    },
  };
}

function carry(socket: WebSocket, relay: Relay): void {
  const send = (message: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const renderer = relay.connect(send);
  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003);
    else receive(String(data), renderer.receive, send);
  });
  socket.on('close', () => renderer.close());
  // A message over the limit ends in an error and then in `close`.
  socket.on('error', () => {});
}

function receive(text: string, take: (message: unknown) => void, send: (message: unknown) => void): void {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    send({ type: 'error', id: unreadableId, error: { code: 'input.invalid' } });
    return;
  }
  take(message);
}
