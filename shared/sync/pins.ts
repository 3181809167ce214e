/**
 * S01: which public keys the service's certificates may have, beside coming from the right authority (RFC 7469,
 * without its headers). A laptop is installed with a set; the service hands newer sets on, which it cannot make
 * itself: they are signed by a key that the organisation keeps offline.
 *
 *   text = canonical JSON {expiresAt, pins, serial}
 *   sig  = Ed25519("tma/pins/1" ‖ 0 ‖ text)
 *
 * A set names two keys at least, so that one can be lost; a higher serial replaces a lower one; after `expiresAt` a
 * set is worth nothing, and a laptop that has none left talks to nobody.
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../bytes.ts';
import { canonical, parseCanonical } from './canonical.ts';
import type { Signer, SyncCrypto } from './crypto.ts';

/** SHA-256 of a public key (SPKI, DER), base64. */
const pinSchema = z.base64().length(44);

export const pinSetSchema = z.strictObject({
  serial: z.int().nonnegative(),
  pins: z
    .array(pinSchema)
    .min(2)
    .max(10)
    .refine((pins) => new Set(pins).size === pins.length),
  expiresAt: z.iso.datetime(),
});
export type PinSet = z.infer<typeof pinSetSchema>;

export const signedPinSetSchema = z.strictObject({ text: z.string().max(2_000), sig: z.string().length(86) });
export type SignedPinSet = z.infer<typeof signedPinSetSchema>;

/** What a laptop is installed with. */
export const pinningSchema = pinSetSchema.extend({
  /** Verifies newer sets: Ed25519 public key, 32 bytes in base64url. */
  updateKey: z.string().length(43),
});
export type Pinning = z.infer<typeof pinningSchema>;

export function signPinSet(set: PinSet, signer: Signer): SignedPinSet {
  const text = canonical(pinSetSchema.parse(set));
  return { text, sig: toBase64Url(signer.sign(message(text))) };
}

/** The set, if that key signed it; null for everything else. */
export function readPinSet(
  signed: SignedPinSet,
  updateKey: string,
  crypto: Pick<SyncCrypto, 'verify'>,
): PinSet | null {
  const key = fromBase64Url(updateKey);
  const sig = fromBase64Url(signed.sig);
  if (key === undefined || sig === undefined || !crypto.verify(key, message(signed.text), sig)) return null;
  try {
    return pinSetSchema.parse(parseCanonical(signed.text));
  } catch {
    return null;
  }
}

const message = (text: string): Uint8Array => concat(utf8('tma/pins/1\0'), utf8(text));
