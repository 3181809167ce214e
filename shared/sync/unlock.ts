/**
 * The service's share of the key that wraps a vault's data key. Before the vault is open the device's key is not to be
 * had, because it lies inside; so a laptop has a second key pair beside its device secret, which proves it for this one
 * question and for nothing else.
 *
 *   deposit (vault open)    POST /v1/sync/share   {unlockKey, share}, proved with the device's key
 *   release (vault locked)  POST /v1/unlock/share {signIn?}, proved with the unlock key
 *
 *   x-tma-unlock-proof: base64url(claims) "." base64url(Ed25519("tma/unlock/1" ‖ claims))
 *   claims = canonical JSON {body, id, key, method, nonce, path}
 *
 * As in `proof.ts`, each with its own first words in what is signed: neither key's signature is ever one of the other's.
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../bytes.ts';
import { TmaError } from '../errors.ts';
import { canonical, parseCanonical } from './canonical.ts';
import type { Signer, SyncCrypto } from './crypto.ts';
import { signInSchema } from './identity.ts';
import { hashSchema, publicKeySchema } from './parts.ts';

export const unlockProofHeader = 'x-tma-unlock-proof';
export const sharePath = '/v1/unlock/share';

/** 32 random bytes, base64url. */
export const shareSchema = z.string().length(43);

export const depositRequestSchema = z.strictObject({ unlockKey: publicKeySchema, share: shareSchema });
export type DepositRequest = z.infer<typeof depositRequestSchema>;
export const depositAnswerSchema = z.object({});

export const releaseRequestSchema = z.strictObject({
  /** S02: a sign-in that was just made, where the organisation asks for a newer one. */
  signIn: signInSchema.exactOptional(),
});
export type ReleaseRequest = z.infer<typeof releaseRequestSchema>;

export const releaseAnswerSchema = z.object({
  share: shareSchema,
  /** Whether the organisation still asks for one: where not, the laptop does without from then on. */
  wanted: z.boolean(),
  serverTimeMs: z.int().nonnegative(),
});
export type ReleaseAnswer = z.infer<typeof releaseAnswerSchema>;

export const unlockClaimsSchema = z.strictObject({
  /** Which laptop asks: the public half of its unlock key. */
  key: publicKeySchema,
  method: z.literal('POST'),
  path: z.string().startsWith('/').max(2_000),
  nonce: z.string().max(200),
  /** 16 random bytes, base64url; never used twice. */
  id: z.string().length(22),
  /** SHA-256 of the body as sent, base64url. */
  body: hashSchema,
});
export type UnlockClaims = z.infer<typeof unlockClaimsSchema>;

export function makeUnlockProof(claims: UnlockClaims, signer: Signer): string {
  const text = canonical(claims);
  return `${toBase64Url(utf8(text))}.${toBase64Url(signer.sign(unlockMessage(text)))}`;
}

/**
 * The claims of a proof that the key it names has signed; whose key that is, is still to be asked.
 * @throws TmaError `auth.proof-invalid`
 */
export function readUnlockProof(header: string, crypto: Pick<SyncCrypto, 'verify'>): UnlockClaims {
  const [claimsPart = '', sigPart = '', ...rest] = header.split('.');
  const text = new TextDecoder().decode(fromBase64Url(claimsPart) ?? new Uint8Array());
  const sig = fromBase64Url(sigPart);
  const claims = rest.length === 0 ? parseClaims(text) : undefined;
  const key = fromBase64Url(claims?.key ?? '');
  if (claims === undefined || sig === undefined || key === undefined)
    throw new TmaError('auth.proof-invalid');
  if (!crypto.verify(key, unlockMessage(text), sig)) throw new TmaError('auth.proof-invalid');
  return claims;
}

function parseClaims(text: string): UnlockClaims | undefined {
  try {
    return unlockClaimsSchema.parse(parseCanonical(text));
  } catch {
    return undefined;
  }
}

function unlockMessage(text: string): Uint8Array {
  return concat(utf8('tma/unlock/1'), utf8(text));
}
