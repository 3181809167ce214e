/**
 * Where the browser brings the answer of a sign-in back to (RFC 8252, 7.3): an HTTP listener on 127.0.0.1 for one
 * answer, which is the first request that carries the state of this very sign-in. Whatever else knocks is turned away
 * and changes nothing: another program of the machine can neither end a sign-in nor slip an answer in.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TmaError } from '../../../shared/errors.ts';
import { answerPage, type PageKind, pageHeaders } from './pages.ts';

export interface Loopback {
  readonly redirectUri: string;
  /** The address the browser was sent to, with everything the provider put into it. */
  readonly answer: Promise<URL>;
  /** Tells the waiting browser how it ended. */
  conclude(kind: 'done' | 'failed'): void;
  close(): void;
}

export interface LoopbackOptions {
  readonly state: string;
  /** Tried in order; left out: any free port. */
  readonly ports?: readonly number[] | undefined;
  /** What the person chose; left out: what the browser prefers. */
  readonly language: 'de' | 'en' | undefined;
}

const path = '/callback';

/** @throws TmaError `auth.port-busy` {ports} when none of the ports is free. */
export async function openLoopback({ state, ports, language }: LoopbackOptions): Promise<Loopback> {
  const server = createServer();
  const port = await listen(server, ports ?? [0]);
  const arrived = Promise.withResolvers<URL>();
  let waiting: ServerResponse | undefined;
  const say = (response: ServerResponse, status: number, kind: PageKind): void => {
    const spoken = language ?? preferred(response.req.headers['accept-language']);
    response.writeHead(status, pageHeaders).end(answerPage(kind, spoken));
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const url = addressOf(request, port);
    if (url === undefined || request.method !== 'GET') say(response, 400, 'foreign');
    else if (url.pathname !== path) say(response, 404, 'foreign');
    else if (!isSame(url.searchParams.get('state') ?? '', state)) say(response, 400, 'foreign');
    else if (waiting !== undefined) say(response, 410, 'used');
    else {
      waiting = response;
      arrived.resolve(url);
    }
  });
  return {
    redirectUri: `http://127.0.0.1:${port}${path}`,
    answer: arrived.promise,
    conclude(kind) {
      if (waiting !== undefined && !waiting.writableEnded) say(waiting, kind === 'done' ? 200 : 400, kind);
    },
    close() {
      server.close();
      server.closeIdleConnections();
      // A browser that keeps its line open must not keep the listener.
      setTimeout(() => server.closeAllConnections(), 1_000).unref();
    },
  };
}

/** Addressed to us by number: a name that was made to point here (DNS rebinding) is not ours. */
function addressOf(request: IncomingMessage, port: number): URL | undefined {
  const base = `http://127.0.0.1:${port}`;
  const target = request.url ?? '';
  if (request.headers.host !== `127.0.0.1:${port}` || !target.startsWith('/')) return undefined;
  return URL.canParse(base + target) ? new URL(base + target) : undefined;
}

const preferred = (languages = ''): 'de' | 'en' => (/^de\b/i.test(languages) ? 'de' : 'en');

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    const bound = await new Promise<number | undefined>((resolve) => {
      server.once('error', () => resolve(undefined));
      server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : undefined);
      });
    });
    if (bound !== undefined) return bound;
  }
  throw new TmaError('auth.port-busy', { ports: ports.join(', ') });
}
