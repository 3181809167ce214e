/**
 * S02: the organisation's identity provider, and what a sign-in with it is to the service. The laptop signs in as a
 * public client: authorization code with PKCE in the system's browser (RFC 6749, 7636, 8252, OpenID Connect Core).
 * What it hands to the service is the ID token, together with the secret that the token's nonce was made of:
 *
 *   nonce = base64url(SHA-256("tma/sign-in/1" ‖ seed)), seed = 32 random bytes
 *
 * so that a token taken from anywhere else is worth nothing here: only who began the sign-in knows the seed. The
 * service reads the time of the sign-in from the token (`auth_time`), by its own clock.
 */
import { z } from 'zod';
import { toBase64Url, utf8 } from '../bytes.ts';
import { tenantIdSchema } from '../ids.ts';
import type { SyncCrypto } from './crypto.ts';

/** How a laptop becomes one of the organisation's: with a one-time code, a sign-in, either of them, or both. */
export const enrolBySchema = z.enum(['code', 'sign-in', 'either', 'both']);

/** What was signed in with longer ago is no sign-in that was just made. */
export const freshSignInMs = 15 * 60_000;

/** https, or http on this very machine, which only a service and a laptop under development accept. */
const issuerSchema = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => URL.canParse(text) && (text.startsWith('https:') || isOnThisMachine(text)), {
    error: 'must be https',
  });

export const identityProviderSchema = z.object({
  /** As the provider names itself in its tokens, without a slash more or less. */
  issuer: issuerSchema,
  clientId: z.string().min(1).max(200),
  /** What access tokens are for (`aud`); never the client itself, whose tokens are ID tokens. */
  audience: z.string().min(1).max(500),
  /** Sent with the request (RFC 8707) where the provider wants the audience named. */
  resource: z.url().max(500).optional(),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/))
    .min(1)
    .max(20),
  /** The only authorities the provider's certificate may come from, PEM; left out: those every browser trusts. */
  caPem: z
    .string()
    .max(64 * 1024)
    .optional(),
  /** Hosts beside the issuer's that the provider's addresses may be on. */
  hosts: z
    .array(z.string().regex(/^[a-z0-9.-]{1,253}$/))
    .max(5)
    .optional(),
  /** Ports of the loopback listener, for providers that want them registered; left out: any free one. */
  redirectPorts: z.array(z.int().min(1024).max(65_535)).min(1).max(5).optional(),
  enrolBy: enrolBySchema,
  /** Exchange needs a sign-in no older than this; null where the one at enrolment is enough. */
  signInEveryHours: z
    .int()
    .min(1)
    .max(24 * 90)
    .nullable(),
});
export type IdentityProvider = z.infer<typeof identityProviderSchema>;

export function isOnThisMachine(url: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(url);
}

/** Signed with the provider's key and made for this client; long ones have many groups in them. */
export const tokenSchema = z
  .string()
  .regex(/^[\w.~+/-]+=*$/)
  .max(12_000);

export const signInSchema = z.strictObject({
  idToken: tokenSchema,
  /** 32 bytes, base64url. */
  seed: z.string().length(43),
});
export type SignIn = z.infer<typeof signInSchema>;

export const organisationRequestSchema = z.strictObject({ tenant: tenantIdSchema });
export const organisationAnswerSchema = z.object({
  tenant: z.object({ id: tenantIdSchema, name: z.string() }),
  identity: identityProviderSchema.optional(),
  /** So that a laptop whose clock is off can still judge the provider's answer. */
  serverTimeMs: z.int().nonnegative(),
});
export type OrganisationAnswer = z.infer<typeof organisationAnswerSchema>;

export const enrolSignInSchema = signInSchema.extend({ tenant: tenantIdSchema });
export type EnrolSignIn = z.infer<typeof enrolSignInSchema>;

export const signedInAnswerSchema = z.object({
  signedInAtMs: z.int().nonnegative(),
});
export type SignedInAnswer = z.infer<typeof signedInAnswerSchema>;

export function signInNonce(seed: Uint8Array, crypto: Pick<SyncCrypto, 'sha256'>): string {
  return toBase64Url(crypto.sha256(utf8('tma/sign-in/1'), seed));
}
