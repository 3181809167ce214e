/**
 * Seals bytes to a public key whose private half is elsewhere: who seals cannot open.
 *
 *   shared = X25519(ephemeral private, recipient public)                                         RFC 7748
 *   key    = HKDF-SHA-256(shared; salt = ephemeral public ‖ recipient public; info)              RFC 5869
 *   data   = AES-256-GCM(key, nonce, plain; associated data) ‖ tag[16]                           SP 800-38D
 */
import {
  createCipheriv,
  createDecipheriv,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { fromBase64Url, toBase64Url } from '../shared/bytes.ts';
import type { SealedBox } from '../shared/sync/packet.ts';
import { privateKeyFrom, publicKeyFrom, rawPublicKey } from './x25519.ts';

export interface BoxRecipient {
  readonly keyId: string;
  /** 32 bytes, X25519. */
  readonly publicKey: Uint8Array;
}

const info = 'tma sealed box 1';
const tagBytes = 16;

/** `associated` is not in the box, and without exactly these bytes it does not open. */
export function sealBox(plain: Uint8Array, recipient: BoxRecipient, associated: Uint8Array): SealedBox {
  const own = generateKeyPairSync('x25519');
  const ephemeral = rawPublicKey(own.publicKey);
  const publicKey = publicKeyFrom(recipient.publicKey);
  const key = boxKey(own.privateKey, publicKey, Buffer.concat([ephemeral, recipient.publicKey]));
  const nonce = randomBytes(12);
  try {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
    const data = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return {
      recipient: { keyId: recipient.keyId, publicKey: toBase64Url(recipient.publicKey) },
      ephemeral: toBase64Url(ephemeral),
      nonce: toBase64Url(nonce),
      data: toBase64Url(data),
    };
  } finally {
    key.fill(0);
  }
}

/** What the holder of the private key does; `undefined` when it is another box's key, or anything was altered. */
export function openBox(
  box: SealedBox,
  privateKey: Uint8Array,
  associated: Uint8Array,
): Uint8Array | undefined {
  const ephemeral = Buffer.from(box.ephemeral, 'base64url');
  const recipient = Buffer.from(box.recipient.publicKey, 'base64url');
  const data = fromBase64Url(box.data);
  if (data === undefined || data.length < tagBytes) return undefined;
  const salt = Buffer.concat([ephemeral, recipient]);
  try {
    const key = boxKey(privateKeyFrom(privateKey), publicKeyFrom(ephemeral), salt);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(box.nonce, 'base64url'));
    decipher.setAAD(associated).setAuthTag(data.subarray(-tagBytes));
    return Buffer.concat([decipher.update(data.subarray(0, -tagBytes)), decipher.final()]);
  } catch {
    // Keys that are none, or a tag that does not fit: whatever it is, it does not open.
    return undefined;
  }
}

function boxKey(privateKey: KeyObject, publicKey: KeyObject, salt: Uint8Array): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  try {
    return Buffer.from(hkdfSync('sha256', shared, salt, info, 32));
  } finally {
    shared.fill(0);
  }
}
