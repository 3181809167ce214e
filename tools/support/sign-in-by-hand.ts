/** Does what a browser does during a sign-in, without one: follows addresses, keeps cookies, chooses a person. */
import { z } from 'zod';
import { nodeCrypto } from '../../platform/crypto.ts';
import { providerFetch } from '../../platform/providerFetch.ts';
import { toBase64Url, utf8 } from '../../shared/bytes.ts';
import { type IdentityProvider, signInNonce } from '../../shared/sync/identity.ts';

export interface ByHand {
  readonly login: string;
  readonly caPem?: string;
}

const mostSteps = 10;

/**
 * From the address that a laptop wants opened to the one the provider sends the browser back to, which is not asked
 * for: that is what a test does, as it was or altered.
 */
export async function signInByHand(address: string, { login, caPem }: ByHand): Promise<URL> {
  const issuer = new URL(address).origin;
  const fetch = providerFetch({ issuer, caPem });
  const cookies = new Map<string, string>();
  let url = new URL(address);
  let body: string | undefined;
  for (let step = 0; step < mostSteps; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url.href, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body,
    });
    for (const line of (answer.headers.get('set-cookie') ?? '').split(/, (?=[\w.-]+=)/)) {
      const [, name = '', value = ''] = /^([\w.-]+)=([^;]*)/.exec(line) ?? [];
      if (name !== '') cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next !== null) {
      url = new URL(next, url);
      body = undefined;
      if (url.pathname === '/callback') return url;
    } else if (answer.status === 200 && url.pathname.startsWith('/sign-in/') && body === undefined) {
      body = new URLSearchParams({ login }).toString();
    } else throw new Error(`the provider answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  }
  throw new Error('the provider goes round in circles');
}

export interface TokensByHand {
  readonly idToken: string;
  readonly accessToken: string;
  readonly seed: string;
}

const tokensSchema = z.object({ id_token: z.string(), access_token: z.string() });

/** A whole sign-in, authorization code with PKCE, as a laptop makes it; `nonce` to have another one than the seed's. */
export async function tokensByHand(
  identity: IdentityProvider,
  { nonce, ...who }: ByHand & { readonly nonce?: string },
): Promise<TokensByHand> {
  const seed = nodeCrypto.randomBytes(32);
  const verifier = toBase64Url(nodeCrypto.randomBytes(32));
  const redirect = 'http://127.0.0.1:1/callback';
  const address = new URL('/auth', identity.issuer);
  const resource = identity.resource ?? '';
  address.search = new URLSearchParams({
    ...{ client_id: identity.clientId, response_type: 'code', redirect_uri: redirect, resource },
    ...{ scope: identity.scopes.join(' '), state: 'by-hand', nonce: nonce ?? signInNonce(seed, nodeCrypto) },
    ...{ code_challenge_method: 'S256', max_age: '900' },
    code_challenge: toBase64Url(nodeCrypto.sha256(utf8(verifier))),
  }).toString();
  const back = await signInByHand(address.href, who);
  const fetch = providerFetch({ issuer: identity.issuer, caPem: who.caPem });
  const answer = await fetch(new URL('/token', identity.issuer).href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', client_id: identity.clientId, redirect_uri: redirect, resource },
      ...{ code: back.searchParams.get('code') ?? '', code_verifier: verifier },
    }).toString(),
  });
  const read = tokensSchema.safeParse(await answer.json());
  if (!read.success) throw new Error(`the provider gave no tokens: ${answer.status}`);
  return { idToken: read.data.id_token, accessToken: read.data.access_token, seed: toBase64Url(seed) };
}
