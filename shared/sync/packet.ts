/**
 * Edits of a laptop that could not be sent while access lasted: sealed to the organisation's escrow key, so that
 * neither the laptop nor the service can read them, and handed in once the case is off the laptop.
 *
 *   about   JSON: who, what case, since when; and the segment as it would have been pushed, contents withheld
 *   box     [{n, payload, salt}] of the withheld contents, sealed; associated data = the text of `about`
 *   text    JSON {about: text, box}
 *   sig     Ed25519("tma/packet/1" ‖ text) by the device's key
 *
 * The packet proves by itself whose it is, so it is taken from a device that was revoked, and from one whose keys are
 * destroyed by now. The segment keeps the device's chain in the case whole: its changes get their places in the log,
 * as `change.withheld`.
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, utf8 } from '../bytes.ts';
import { TmaError } from '../errors.ts';
import { caseIdSchema, deviceIdSchema, packetIdSchema } from '../ids.ts';
import { isWithheld } from './change.ts';
import type { Signer, SyncCrypto } from './crypto.ts';
import { segmentSchema } from './segment.ts';

/** The case was taken away, its lease had ended, or the whole laptop was to be emptied. */
export const packetReasons = ['revoked', 'expired', 'wiped'] as const;
export const packetReasonSchema = z.enum(packetReasons);
export type PacketReason = z.infer<typeof packetReasonSchema>;

const raw32 = z.string().length(43);

export const sealedBoxSchema = z.strictObject({
  recipient: z.strictObject({ keyId: z.string().min(1).max(100), publicKey: raw32 }),
  /** X25519 public key made for this box alone. */
  ephemeral: raw32,
  nonce: z.string().length(16),
  data: z.string().min(22),
});
export type SealedBox = z.infer<typeof sealedBoxSchema>;

export const packetAboutSchema = z.strictObject({
  version: z.literal(1),
  id: packetIdSchema,
  device: deviceIdSchema,
  case: caseIdSchema,
  reason: packetReasonSchema,
  /** When its oldest edit was written, by the laptop's clock. */
  oldestAtMs: z.int().nonnegative(),
  sealedAtMs: z.int().nonnegative(),
  segment: segmentSchema,
});
export type PacketAbout = z.infer<typeof packetAboutSchema>;

const packetSchema = z.strictObject({ about: z.string(), box: sealedBoxSchema });

/** What is in the box, once it is open. */
export const packetContentSchema = z.array(
  z.strictObject({ n: z.int().positive(), payload: z.string(), salt: z.string().length(22) }),
);
export type PacketContent = z.infer<typeof packetContentSchema>;

/** A packet on its way: the exact text that was signed. */
export const signedPacketSchema = z.strictObject({
  text: z.string().max(3 * 1024 * 1024),
  sig: z.string().length(86),
});
export type SignedPacket = z.infer<typeof signedPacketSchema>;

export interface Packet {
  readonly about: PacketAbout;
  /** What the box is bound to. */
  readonly associated: Uint8Array;
  readonly box: SealedBox;
}

/** `seal` makes the box, bound to what it is about. */
export function signPacket(
  about: PacketAbout,
  seal: (associated: Uint8Array) => SealedBox,
  signer: Signer,
): SignedPacket {
  const told = JSON.stringify(about);
  const text = JSON.stringify({ about: told, box: seal(utf8(told)) });
  return { text, sig: toBase64Url(signer.sign(packetMessage(text))) };
}

/** Nothing in it may be believed before {@link isPacketSigned}. Throws `change.malformed`. */
export function readPacket(text: string): Packet {
  const { about: told, box } = checked(packetSchema, text);
  const about = checked(packetAboutSchema, told);
  const { device, case: caseId, segment } = about;
  const isOne = segment.device === device && segment.case === caseId && segment.changes.every(isWithheld);
  if (!isOne) throw new TmaError('change.malformed');
  return { about, associated: utf8(told), box };
}

export function isPacketSigned(
  { text, sig }: SignedPacket,
  deviceKey: Uint8Array,
  crypto: SyncCrypto,
): boolean {
  const signature = fromBase64Url(sig);
  return signature !== undefined && crypto.verify(deviceKey, packetMessage(text), signature);
}

function checked<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TmaError('change.malformed', undefined, cause);
  }
}

function packetMessage(text: string): Uint8Array {
  return concat(utf8('tma/packet/1'), utf8(text));
}
