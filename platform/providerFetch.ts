/**
 * The only way to the organisation's identity provider, for the laptop and the service alike (S02): TLS with a
 * certificate of the authorities told, no resumed sessions, no redirects, no proxies, only to the hosts told, bounded
 * in time and size. Plain http goes to this machine and nowhere else.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { isOnThisMachine } from '../shared/sync/identity.ts';

export interface ProviderAddress {
  readonly issuer: string;
  /** PEM; left out: the authorities that Node brings. */
  readonly caPem?: string | undefined;
  /** Hosts beside the issuer's. */
  readonly hosts?: readonly string[] | undefined;
}

export interface ProviderRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ProviderFetch = (url: string, request: ProviderRequest) => Promise<Response>;

const limitMs = 15_000;
const maxAnswerBytes = 1024 * 1024;

/** An address that is not the provider's; it means a changed program or settings, not a bad net. */
export class ProviderHostError extends Error {
  override readonly name = 'ProviderHostError';
}

/** Fails with what Node fails with, or with {@link ProviderHostError}. */
export function providerFetch(address: ProviderAddress): ProviderFetch {
  const issuer = new URL(address.issuer);
  const hosts = new Set([issuer.hostname, ...(address.hosts ?? [])]);
  const isPlain = isOnThisMachine(address.issuer);
  const agent = new Agent({
    ...(address.caPem === undefined ? {} : { ca: address.caPem }),
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    maxCachedSessions: 0,
    keepAlive: false,
  });

  return (text, { method, headers, body, signal }) => {
    const url = new URL(text);
    const isAllowed =
      (url.protocol === 'https:' || (isPlain && isOnThisMachine(url.href))) && hosts.has(url.hostname);
    if (!isAllowed) return Promise.reject(new ProviderHostError(`${url.protocol}//${url.hostname}`));
    return new Promise((resolve, reject) => {
      const limit = AbortSignal.timeout(limitMs);
      const options = {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      };
      const take = (answer: IncomingMessage) => void readWhole(answer).then(resolve, reject);
      const asking =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent }, take)
          : httpRequest(url, { ...options, agent: false }, take);
      asking.on('error', reject);
      asking.end(body);
    });
  };
}

async function readWhole(answer: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    // Without an encoding the parts of an answer are buffers.
    size += (part as Buffer).length;
    if (size > maxAnswerBytes) throw new Error('the answer is too large');
    parts.push(part as Buffer);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const status = answer.statusCode ?? 500;
  const isEmpty = status === 204 || status === 205 || status === 304;
  return new Response(isEmpty ? null : Buffer.concat(parts), { status, headers });
}
