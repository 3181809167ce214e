/**
 * What a laptop signs before it destroys its keys, and hands in when they are gone: the service's proof that an order to
 * wipe was carried out, or that a laptop wiped itself after too many wrong passphrases.
 *
 *   text    JSON of {@link wipedSchema}
 *   sig     Ed25519("tma/wiped/1" ‖ text) by the device's key
 *
 * It is written outside the vault in the transaction that destroys the key slots, so it exists where they do not. It
 * needs no other proof than itself: the key that signed it is gone. It says what the program did; of copies that
 * somebody made of the disk before it says nothing.
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../bytes.ts';
import { TmaError } from '../errors.ts';
import { deviceIdSchema } from '../ids.ts';
import type { Signer, SyncCrypto } from './crypto.ts';

export const wipeReasons = ['remote', 'attempts'] as const;
export const wipeReasonSchema = z.enum(wipeReasons);
export type WipeReason = z.infer<typeof wipeReasonSchema>;

export const wipedSchema = z.strictObject({
  version: z.literal(1),
  device: deviceIdSchema,
  because: wipeReasonSchema,
  /** By the laptop's clock. */
  atMs: z.int().nonnegative().max(8_640_000_000_000_000),
  /** How many cases were on it; null where the vault was closed already. */
  cases: z.int().nonnegative().max(10_000_000).nullable(),
  /** Edits that were neither sent nor handed in under seal, and are gone with it. */
  lost: z.int().nonnegative().max(10_000_000).nullable(),
});
export type Wiped = z.infer<typeof wipedSchema>;

/** On its way: the exact text that was signed. */
export const signedWipedSchema = z.strictObject({
  text: z.string().max(1_000),
  sig: z.string().length(86),
});
export type SignedWiped = z.infer<typeof signedWipedSchema>;

/** `known`: it was handed in before. */
export const wipedAnswerSchema = z.object({ outcome: z.enum(['kept', 'known']) });
export type WipedAnswer = z.infer<typeof wipedAnswerSchema>;

export function signWiped(wiped: Wiped, signer: Signer): SignedWiped {
  const text = JSON.stringify(wiped);
  return { text, sig: toBase64Url(signer.sign(wipedMessage(text))) };
}

/** Nothing in it may be believed before {@link isWipedSigned}. Throws `change.malformed`. */
export function readWiped(text: string): Wiped {
  try {
    return wipedSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TmaError('change.malformed', undefined, cause);
  }
}

export function isWipedSigned({ text, sig }: SignedWiped, key: Uint8Array, crypto: SyncCrypto): boolean {
  const signature = fromBase64Url(sig);
  return signature !== undefined && crypto.verify(key, wipedMessage(text), signature);
}

function wipedMessage(text: string): Uint8Array {
  return concat(utf8('tma/wiped/1'), utf8(text));
}
