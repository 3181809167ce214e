/**
 * S03: every request of a laptop proves the device's key, in the manner of DPoP (RFC 9449): a signature over
 * what is asked, a nonce of the service and a fresh id, so that a request can neither be altered nor sent
 * again. The nonce carries the service's time, not the laptop's: a wrong clock never locks anyone out.
 *
 *   x-tma-proof: base64url(claims) "." base64url(Ed25519("tma/proof/1" ‖ claims))
 *   claims = canonical JSON {ath?, body, device, id, method, nonce, path}
 *
 * A request that carries an access token of the organisation's identity provider (`authorization: Bearer …`) binds
 * it to the device with `ath`, its hash: a token that was taken from a laptop is worth nothing without its key.
 *
 * A service that wants a newer nonce answers 401 `auth.nonce-stale` with the header `x-tma-nonce`.
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../bytes.ts';
import { TmaError } from '../errors.ts';
import { deviceIdSchema } from '../ids.ts';
import { canonical, parseCanonical } from './canonical.ts';
import type { Signer, SyncCrypto } from './crypto.ts';
import { hashSchema } from './parts.ts';

export const proofHeader = 'x-tma-proof';
export const nonceHeader = 'x-tma-nonce';

export const proofClaimsSchema = z.strictObject({
  device: deviceIdSchema,
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  /** Path and query, as sent. */
  path: z.string().startsWith('/').max(2_000),
  nonce: z.string().max(200),
  /** 16 random bytes, base64url; never used twice. */
  id: z.string().length(22),
  /** SHA-256 of the body as sent (compressed), base64url. */
  body: hashSchema,
  /** SHA-256 of the access token that comes with the request, base64url; left out where none does. */
  ath: hashSchema.exactOptional(),
});
export type ProofClaims = z.infer<typeof proofClaimsSchema>;

export function makeProof(claims: ProofClaims, signer: Signer): string {
  const text = canonical(claims);
  const sig = signer.sign(proofMessage(text));
  return `${toBase64Url(utf8(text))}.${toBase64Url(sig)}`;
}

/** RFC 9449, 4.2: what binds an access token to a proof. */
export function tokenHash(token: string, crypto: Pick<SyncCrypto, 'sha256'>): string {
  return toBase64Url(crypto.sha256(utf8(token)));
}

export interface UnverifiedProof {
  readonly claims: ProofClaims;
  readonly text: string;
  readonly sig: Uint8Array;
}

/** Takes a proof apart; nothing in it may be believed before {@link isProofSigned}. Throws `auth.proof-invalid`. */
export function readProof(header: string): UnverifiedProof {
  const [claimsPart = '', sigPart = '', ...rest] = header.split('.');
  const claimBytes = fromBase64Url(claimsPart);
  const sig = fromBase64Url(sigPart);
  if (rest.length > 0 || claimBytes === undefined || sig === undefined)
    throw new TmaError('auth.proof-invalid');
  const text = new TextDecoder().decode(claimBytes);
  try {
    return { claims: proofClaimsSchema.parse(parseCanonical(text)), text, sig };
  } catch (cause) {
    throw new TmaError('auth.proof-invalid', undefined, cause);
  }
}

export function isProofSigned(proof: UnverifiedProof, deviceKey: Uint8Array, crypto: SyncCrypto): boolean {
  return crypto.verify(deviceKey, proofMessage(proof.text), proof.sig);
}

function proofMessage(text: string): Uint8Array {
  return concat(utf8('tma/proof/1'), utf8(text));
}
