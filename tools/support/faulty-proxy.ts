/**
 * What stands in front of a service in a data centre, and its bad days: it ends TLS, passes requests on, and where a
 * test says so answers itself, loses the answer of the service, or cuts it short. It listens on 127.0.0.1 only.
 */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, request as requestTo } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export type ProxyFault =
  /** Answers itself; the service hears nothing. */
  | { readonly type: 'answers'; readonly status: number }
  /** Passes the request on and answers itself: what was asked happens all the same. */
  | { readonly type: 'loses'; readonly status: number }
  /** Passes on half of the answer and says that this was all, or breaks off. */
  | { readonly type: 'truncates'; readonly says: 'that was all' | 'nothing more' };

export interface FaultyProxy {
  readonly url: string;
  /** What happens to every request from now on. */
  fault(fault: ProxyFault): void;
  /** Passes everything on. */
  mend(): void;
  /** How many requests met a fault. */
  met(): number;
  close(): Promise<void>;
}

export interface Behind {
  readonly port: number;
  readonly caPem: string;
  readonly certificate: { readonly certificatePem: string; readonly keyPem: string };
}

interface Whole {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function startFaultyProxy(behind: Behind): Promise<FaultyProxy> {
  const sockets = new Set<Socket>();
  let now: ProxyFault | null = null;
  let met = 0;
  const { certificatePem: cert, keyPem: key } = behind.certificate;
  const server = createServer({ cert, key }, (request, response) => {
    const fault = now;
    if (fault !== null) met += 1;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (fault?.type === 'answers') {
        answerItself(response, fault.status);
        return;
      }
      passOn(behind, { method: request.method, path: request.url, headers: request.headers }, parts).then(
        (answer) => giveBack(response, answer, fault),
        () => answerItself(response, 502),
      );
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  return {
    url: `https://localhost:${port}`,
    fault(fault) {
      now = fault;
    },
    mend() {
      now = null;
    },
    met: () => met,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

function passOn(behind: Behind, asked: Asked, body: readonly Buffer[]): Promise<Whole> {
  return new Promise((resolve, reject) => {
    const to = { host: 'localhost', port: behind.port, ca: behind.caPem, agent: false } as const;
    const onward = requestTo({ ...to, ...asked }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    });
    onward.on('error', reject);
    onward.end(Buffer.concat(body));
  });
}

function giveBack(response: ServerResponse, answer: Whole, fault: ProxyFault | null): void {
  if (fault?.type === 'loses') {
    answerItself(response, fault.status);
    return;
  }
  const { 'transfer-encoding': _chunked, connection: _connection, ...headers } = answer.headers;
  const whole = answer.body.length;
  const part = fault?.type === 'truncates' ? answer.body.subarray(0, Math.floor(whole / 2)) : answer.body;
  const isHonest = fault?.type === 'truncates' && fault.says === 'that was all';
  response.writeHead(answer.status, { ...headers, 'content-length': isHonest ? part.length : whole });
  if (part.length === whole || isHonest) response.end(part);
  else response.write(part, () => response.destroy());
}

/** As a load balancer does: a page for people, and no code of ours. */
function answerItself(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(`<html><body><h1>${status}</h1></body></html>`);
}
