/** The organisation's identity provider as this laptop speaks to it: a public client, over `openid-client` (S02). */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  clockSkew,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  refreshTokenGrant,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
  tokenRevocation,
} from 'openid-client';
import { providerFetch } from '../../../platform/providerFetch.ts';
import { TmaError } from '../../../shared/errors.ts';
import { freshSignInMs, type IdentityProvider, isOnThisMachine } from '../../../shared/sync/identity.ts';
import { providerFailure } from './failures.ts';

export interface ProviderOptions {
  /** The laptop's clock minus the service's: the provider's tokens are judged without it. */
  readonly skewMs: number;
  /** Only a laptop under development takes a provider without TLS, and only on the same machine. */
  readonly isDevelopment: boolean;
}

/** What a sign-in has to come back with. */
export interface Challenge {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly pkceVerifier: string;
}

export interface Tokens {
  readonly accessToken: string;
  /** How long it is good for, from now. */
  readonly lifeMs: number;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
}

/** Every call fails with a `TmaError`: `auth.provider-*`, `auth.answer-refused`, `auth.clock-off`, `auth.sign-in-refused`. */
export interface Provider {
  /** The address a person signs in at. */
  address(challenge: Challenge): Promise<URL>;
  /** Takes the address the browser was sent back to: state, issuer, code (RFC 9207), and checks what it brings. */
  redeem(answer: URL, challenge: Challenge): Promise<Tokens>;
  renew(refreshToken: string): Promise<Tokens>;
  /** Tells the provider that a refresh token is not needed any more, where it wants to know. */
  revoke(refreshToken: string): Promise<void>;
}

const limitSeconds = 15;
const toleranceSeconds = 60;
/** What counts where a provider does not say how long an access token is good for. */
const shortestLifeSeconds = 60;

/** @throws TmaError `auth.provider-unreachable`, `auth.provider-untrusted` {reason}. */
export async function openProvider(identity: IdentityProvider, options: ProviderOptions): Promise<Provider> {
  const isPlain = isOnThisMachine(identity.issuer);
  if (isPlain && !options.isDevelopment)
    throw new TmaError('auth.provider-untrusted', { reason: 'protocol' });
  const config = await guarded(() => discover(identity, { isPlain, skewMs: options.skewMs }));
  const resource = identity.resource === undefined ? {} : { resource: identity.resource };
  const scope = identity.scopes.join(' ');
  const maxAge = freshSignInMs / 1_000;
  return {
    async address({ redirectUri, state, nonce, pkceVerifier }) {
      return buildAuthorizationUrl(config, {
        ...{ redirect_uri: redirectUri, scope, state, nonce, max_age: String(maxAge), ...resource },
        ...{ code_challenge: await calculatePKCECodeChallenge(pkceVerifier), code_challenge_method: 'S256' },
      });
    },
    redeem(answer, { state, nonce, pkceVerifier }) {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: pkceVerifier, maxAge };
      return guarded(async () => tokensOf(await authorizationCodeGrant(config, answer, checks, resource)));
    },
    renew: (refreshToken) =>
      guarded(async () => tokensOf(await refreshTokenGrant(config, refreshToken, resource))),
    async revoke(refreshToken) {
      if (config.serverMetadata().revocation_endpoint === undefined) return;
      await guarded(() => tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' }));
    },
  };
}

interface Discovering {
  readonly isPlain: boolean;
  readonly skewMs: number;
}

async function discover(
  identity: IdentityProvider,
  { isPlain, skewMs }: Discovering,
): Promise<Configuration> {
  const fetch = providerFetch(identity);
  const metadata = {
    [clockSkew]: Math.round(-skewMs / 1_000),
    [clockTolerance]: toleranceSeconds,
    token_endpoint_auth_method: 'none',
  };
  const config = await discovery(new URL(identity.issuer), identity.clientId, metadata, None(), {
    timeout: limitSeconds,
    [customFetch]: (url, { method, headers, body, signal }) =>
      fetch(url, {
        method,
        headers,
        signal,
        body: body instanceof URLSearchParams ? body.toString() : undefined,
      }),
    ...(isPlain ? { execute: [allowInsecureRequests] } : {}),
  });
  // The signature of the ID token as well, not only the connection it came over.
  enableNonRepudiationChecks(config);
  return config;
}

function tokensOf(answer: TokenEndpointResponse & TokenEndpointResponseHelpers): Tokens {
  return {
    accessToken: answer.access_token,
    lifeMs: (answer.expiresIn() ?? shortestLifeSeconds) * 1_000,
    refreshToken: answer.refresh_token,
    idToken: answer.id_token,
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw providerFailure(thrown);
  }
}
