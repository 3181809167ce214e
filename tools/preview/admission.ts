/**
 * Who may talk to the preview host: one browser, let in by a token that works once. Other pages in the same
 * browser are kept out by the Origin, names that were made to point at this machine (DNS rebinding) by the
 * Host, other programs of the machine by the session cookie.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Admission {
  /** A new token; it lets one browser in, once. */
  newToken(): string;
  /** Uses a token up. The answer is the cookie to set, or null if the token is not good (any more). */
  redeem(token: string): string | null;
  /** Whether the request was addressed to this host by its own name, from one of its own pages or by hand. */
  addressedToUs(headers: IncomingHttpHeaders): boolean;
  /** Whether a socket is opened by one of our own pages; a socket always says its Origin. */
  fromOurPage(headers: IncomingHttpHeaders): boolean;
  /** Whether the browser was let in before. */
  admitted(headers: IncomingHttpHeaders): boolean;
}

export function createAdmission(port: number): Admission {
  const host = `127.0.0.1:${port}`;
  const origin = `http://${host}`;
  // Cookies do not know ports; two preview hosts on one machine must not take each other's.
  const cookieName = `tma-preview-${port}`;
  const tokens = new Set<string>();
  const session = secret();

  const addressedToUs = (headers: IncomingHttpHeaders): boolean =>
    headers.host === host &&
    (headers.origin === undefined || headers.origin === origin) &&
    ['none', 'same-origin', undefined].includes(single(headers['sec-fetch-site']));

  return {
    newToken() {
      const token = secret();
      tokens.add(token);
      return token;
    },
    redeem(token) {
      const known = [...tokens].find((candidate) => same(candidate, token));
      if (known === undefined) return null;
      tokens.delete(known);
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    addressedToUs,
    fromOurPage: (headers) => headers.origin === origin && addressedToUs(headers),
    admitted(headers) {
      const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
      return pairs.some(([name, value]) => name === cookieName && same(value ?? '', session));
    },
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join() : header;
}
