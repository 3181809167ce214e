/**
 * The second way into a vault: the data key sealed to the organisation's escrow key, whose private half is kept
 * offline. The laptop can seal but never open.
 *
 *   shared  = X25519(ephemeral private, recipient public)                                      RFC 7748
 *   KEK     = HKDF-SHA-256(shared; salt = ephemeral public ‖ recipient public; info)           RFC 5869
 *   wrapped = AES-256-GCM as in `slot.ts`, with the header as associated data
 */
import { diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { privateKeyFrom, publicKeyFrom, rawPublicKey } from '../../../../platform/x25519.ts';
import { TmaError } from '../../../../shared/errors.ts';
import type { StoredSlot } from '../../device/keySlots.ts';
import type { VaultKey } from '../driver.ts';
import { bindingSchema, type SlotBinding, unwrapKey, wrapKey } from './slot.ts';

/** The organisation's escrow key as the service hands it out at enrolment. */
export interface EscrowRecipient {
  readonly keyId: string;
  /** 32 bytes, X25519. */
  readonly publicKey: Uint8Array;
}

export const escrowHeaderSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('escrow'),
  binding: bindingSchema,
  recipient: z.strictObject({ keyId: z.string().min(1), publicKey: z.base64() }),
  ephemeral: z.base64(),
  createdAtMs: z.int().nonnegative(),
});
export type EscrowHeader = z.infer<typeof escrowHeaderSchema>;

const info = 'tma vault escrow 1';

export interface EscrowRequest {
  readonly recipient: EscrowRecipient;
  readonly binding: SlotBinding;
  readonly createdAtMs: number;
}

export function sealEscrowSlot(
  vaultKey: VaultKey,
  { recipient, binding, createdAtMs }: EscrowRequest,
): StoredSlot {
  const ephemeral = generateKeyPairSync('x25519');
  const ephemeralPublic = rawPublicKey(ephemeral.publicKey);
  const header: EscrowHeader = {
    version: 1,
    kind: 'escrow',
    binding,
    recipient: { keyId: recipient.keyId, publicKey: Buffer.from(recipient.publicKey).toString('base64') },
    ephemeral: ephemeralPublic.toString('base64'),
    createdAtMs,
  };
  const text = JSON.stringify(header);
  const shared = diffieHellman({
    privateKey: ephemeral.privateKey,
    publicKey: publicKeyFrom(recipient.publicKey),
  });
  const kek = escrowKek(shared, ephemeralPublic, recipient.publicKey);
  try {
    return { kind: 'escrow', header: text, ...wrapKey(vaultKey, kek, text) };
  } finally {
    kek.fill(0);
  }
}

/** @throws TmaError `vault.damaged` when the slot holds no such header. */
export function readEscrowHeader(slot: StoredSlot): EscrowHeader {
  try {
    return escrowHeaderSchema.parse(JSON.parse(slot.header));
  } catch (error) {
    throw new TmaError('vault.damaged', { part: 'escrow-slot' }, error);
  }
}

/**
 * What the holder of the private key does. The caller zeroes the result.
 * @throws TmaError `vault.damaged`, `vault.wrong-passphrase` when it is not the slot's key.
 */
export function openEscrowSlot(slot: StoredSlot, privateKey: Uint8Array): VaultKey {
  const header = readEscrowHeader(slot);
  const ephemeral = Buffer.from(header.ephemeral, 'base64');
  const recipient = Buffer.from(header.recipient.publicKey, 'base64');
  const shared = diffieHellman({
    privateKey: privateKeyFrom(privateKey),
    publicKey: publicKeyFrom(ephemeral),
  });
  const kek = escrowKek(shared, ephemeral, recipient);
  try {
    return unwrapKey(slot, kek);
  } finally {
    kek.fill(0);
  }
}

function escrowKek(shared: Buffer, ephemeral: Uint8Array, recipient: Uint8Array): Buffer {
  try {
    return Buffer.from(hkdfSync('sha256', shared, Buffer.concat([ephemeral, recipient]), info, 32));
  } finally {
    shared.fill(0);
  }
}
