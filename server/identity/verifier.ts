/**
 * What a token of the organisation's identity provider says, once everything about it was checked: signature, issuer,
 * audience, client, times (OpenID Connect Core 3.1.3.7, RFC 9068, RFC 8725). S02
 */
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { fromBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import { freshSignInMs, isOnThisMachine, type SignIn, signInNonce } from '../../shared/sync/identity.ts';
import type { TenantIdentity } from '../tenantSettings.ts';
import { createProviderKeys, type ProviderKeys } from './providerKeys.ts';

export interface CheckedSignIn {
  /** Whom the provider names, in the claim that the tenant's settings name. */
  readonly login: string;
  /** What a person calls that login. */
  readonly shown: string;
  /** Hash of the seed: what makes the sign-in one that is used once. */
  readonly nonce: Uint8Array;
  readonly authTimeMs: number;
}

export interface Verifier {
  /**
   * The login an access token is for.
   * @throws TmaError `auth.token-invalid` {reason}, `auth.provider-unreachable`.
   */
  accessToken(identity: TenantIdentity, token: string): Promise<string>;
  /**
   * A sign-in that was made in the last quarter of an hour.
   * @throws TmaError as above, `auth.clock-off` when the token is from the future, `auth.sign-in-required` when it
   *   was made too long ago.
   */
  signIn(identity: TenantIdentity, signIn: SignIn): Promise<CheckedSignIn>;
}

export interface VerifierDeps {
  readonly crypto: Pick<SyncCrypto, 'sha256'>;
  readonly nowMs: () => number;
  /** In production a provider without TLS is none. */
  readonly production: boolean;
  readonly keys?: ProviderKeys;
}

/** Asymmetric ones only: with a shared secret anybody who can check a token could make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** How far the clocks of the service and of the provider may be apart. */
const toleranceMs = 60_000;
/** Where providers name the client in an access token: RFC 9068, OpenID Connect, and what some had before. */
const clientClaims = ['client_id', 'azp', 'cid', 'appid'];
const shownClaims = ['name', 'preferred_username', 'email'];

export function createVerifier(deps: VerifierDeps): Verifier {
  const { crypto, nowMs, production, keys = createProviderKeys(deps.nowMs) } = deps;

  const verify = async (identity: TenantIdentity, token: string, audience: string): Promise<JWTPayload> => {
    if (production && isOnThisMachine(identity.issuer)) throw invalid('issuer');
    const key: JWTVerifyGetKey = keys.keysOf(identity);
    try {
      const { payload } = await jwtVerify(token, key, {
        ...{ issuer: identity.issuer, audience, algorithms },
        clockTolerance: toleranceMs / 1_000,
        currentDate: new Date(nowMs()),
        requiredClaims: ['exp', 'iat', 'sub'],
      });
      if ((payload.iat ?? 0) * 1_000 > nowMs() + toleranceMs) throw new TmaError('auth.clock-off');
      return payload;
    } catch (error) {
      throw tokenFailure(error);
    }
  };

  return {
    async accessToken(identity, token) {
      const payload = await verify(identity, token, identity.audience);
      const clients = clientClaims.map((name) => payload[name]).filter((value) => value !== undefined);
      if (clients.length === 0 || clients.some((client) => client !== identity.clientId))
        throw invalid('client');
      return loginOf(identity, payload);
    },
    async signIn(identity, { idToken, seed }) {
      const payload = await verify(identity, idToken, identity.clientId);
      const secret = fromBase64Url(seed);
      if (secret?.length !== 32) throw new TmaError('input.invalid');
      const nonce = signInNonce(secret, crypto);
      if (payload.nonce !== nonce) throw invalid('nonce');
      const { azp, auth_time: at } = payload;
      const hasOthers = Array.isArray(payload.aud) && payload.aud.length > 1;
      if (azp === undefined ? hasOthers : azp !== identity.clientId) throw invalid('client');
      if (typeof at !== 'number') throw invalid('auth_time');
      const authTimeMs = at * 1_000;
      if (authTimeMs > nowMs() + toleranceMs) throw new TmaError('auth.clock-off');
      if (authTimeMs < nowMs() - freshSignInMs - toleranceMs) throw new TmaError('auth.sign-in-required');
      const login = loginOf(identity, payload);
      const names = shownClaims.map((name) => payload[name]);
      const shown = names.find((value): value is string => typeof value === 'string') ?? login;
      return {
        login,
        shown: shown.slice(0, 200),
        nonce: fromBase64Url(nonce) ?? new Uint8Array(),
        authTimeMs,
      };
    },
  };
}

function loginOf({ userClaim }: TenantIdentity, payload: JWTPayload): string {
  const login = payload[userClaim];
  if (typeof login !== 'string' || login === '') throw invalid(userClaim);
  return login;
}

function invalid(reason: string, cause?: unknown): TmaError {
  return new TmaError('auth.token-invalid', { reason }, cause);
}

function tokenFailure(error: unknown): TmaError {
  if (error instanceof TmaError) return error;
  if (error instanceof errors.JWTExpired) return invalid('expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf'
      ? new TmaError('auth.clock-off', undefined, error)
      : invalid(error.claim, error);
  }
  return invalid('signature', error);
}
