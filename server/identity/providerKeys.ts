/**
 * The keys with which an identity provider signs its tokens. They are fetched when first needed, again every ten
 * minutes and whenever a token names a key not known yet, so that a provider may change them at any time. While the
 * provider does not answer, the keys known last go on for a day: its outage is not ours.
 */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWKSCacheInput,
  type JWTVerifyGetKey,
  jwksCache,
} from 'jose';
import { z } from 'zod';
import { type ProviderFetch, providerFetch } from '../../platform/providerFetch.ts';
import { TmaError } from '../../shared/errors.ts';
import type { IdentityProvider } from '../../shared/sync/identity.ts';

type Address = Pick<IdentityProvider, 'issuer' | 'caPem' | 'hosts'>;

/** Keeps a token with a made-up key from having the provider asked at every request. */
const cooldownMs = 5_000;
const refreshMs = 10 * 60_000;
const outageMs = 24 * 3_600_000;

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

export interface ProviderKeys {
  /** Finds the key of a token. It fails with `auth.provider-unreachable`, or as jose does. */
  keysOf(address: Address): JWTVerifyGetKey;
}

/** `nowMs` judges how old kept keys are. */
export function createProviderKeys(nowMs: () => number): ProviderKeys {
  const known = new Map<string, JWTVerifyGetKey>();
  return {
    keysOf(address) {
      const name = JSON.stringify([address.issuer, address.caPem, address.hosts]);
      const found = known.get(name) ?? keysAt(address, nowMs);
      known.set(name, found);
      return found;
    },
  };
}

function keysAt(address: Address, nowMs: () => number): JWTVerifyGetKey {
  const fetch = providerFetch(address);
  const cache: JWKSCacheInput = {};
  let opening: Promise<JWTVerifyGetKey> | undefined;

  const open = async (): Promise<JWTVerifyGetKey> => {
    const uri = await keysUri(address, fetch);
    const remote = createRemoteJWKSet(uri, {
      cooldownDuration: cooldownMs,
      cacheMaxAge: refreshMs,
      [jwksCache]: cache,
      [customFetch]: (url, { method, headers, signal }) =>
        fetch(url, { method, headers: Object.fromEntries(headers), signal }),
    });
    return async (header, token) => {
      try {
        return await remote(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
          throw error;
        const kept = remote.jwks();
        const isKept = kept !== undefined && 'uat' in cache && nowMs() - cache.uat < outageMs;
        if (!isKept) throw unreachable(error);
        // A token signed with a newer key than those kept has to wait for the provider.
        return createLocalJWKSet(kept)(header, token).catch((cause: unknown) => {
          throw unreachable(cause);
        });
      }
    };
  };

  return async (header, token) => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return (await opening)(header, token);
  };
}

async function keysUri({ issuer }: Address, fetch: ProviderFetch): Promise<URL> {
  try {
    const place = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await fetch(place, { method: 'GET', headers: { accept: 'application/json' } });
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    const metadata = metadataSchema.parse(await answer.json());
    if (metadata.issuer !== issuer) throw new Error('names itself otherwise');
    return new URL(metadata.jwks_uri);
  } catch (cause) {
    throw unreachable(cause);
  }
}

const unreachable = (cause: unknown) =>
  cause instanceof TmaError ? cause : new TmaError('auth.provider-unreachable', undefined, cause);
