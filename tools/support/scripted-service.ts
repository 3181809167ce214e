/**
 * An HTTPS server that answers as a test says, well or badly: for what goes wrong between a laptop and the service.
 * It listens on 127.0.0.1 only.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureVersion } from 'node:tls';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

export interface ScriptedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** The body's bytes as sent. */
  readonly sent: Buffer;
  /** The body as JSON, unpacked where it came compressed. */
  readonly body: unknown;
}

export type Answer = (request: ScriptedRequest, response: ServerResponse) => void;

export interface ScriptedService {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ScriptedRequest[];
  /** How many connections were made so far. */
  connections(): number;
  /** What happens from now on. */
  answerWith(answer: Answer): void;
  /** Ends every connection at once, as a network does that goes away. */
  cut(): void;
  close(): Promise<void>;
}

export interface ScriptedOptions {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly maxVersion?: SecureVersion;
  /** The port to listen on; left out: a free one. */
  readonly port?: number;
}

/** Starts the server; until told otherwise it answers `{}`. */
export async function startScriptedService(options: ScriptedOptions): Promise<ScriptedService> {
  const requests: ScriptedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let answer: Answer = (_request, response) => json(response, 200, {});
  const tls = {
    cert: options.certificatePem,
    key: options.keyPem,
    ...(options.maxVersion === undefined
      ? {}
      : { maxVersion: options.maxVersion, minVersion: options.maxVersion }),
  };
  const server = createServer(tls, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const scripted = read(request, Buffer.concat(parts));
      requests.push(scripted);
      answer(scripted, response);
    });
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  return {
    url: `https://localhost:${port}`,
    port,
    requests,
    connections: () => connections,
    answerWith: (next) => {
      answer = next;
    },
    cut,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

const unpackings: Readonly<Record<string, (packed: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

function read(request: IncomingMessage, sent: Buffer): ScriptedRequest {
  const unpack = unpackings[request.headers['content-encoding'] ?? ''];
  const plain = unpack === undefined ? sent : unpack(sent);
  return {
    path: request.url ?? '',
    headers: request.headers,
    sent,
    body: plain.length === 0 ? undefined : JSON.parse(plain.toString('utf8')),
  };
}
