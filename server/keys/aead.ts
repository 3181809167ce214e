/**
 * AES-256-GCM (NIST SP 800-38D): `nonce(12) ‖ ciphertext ‖ tag(16)`, the nonce random for each message. The
 * associated data says what the message is and where it belongs, so that no ciphertext can stand in for another.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

/** Fetched many at a time: asking the generator for one costs as much as encrypting with it. */
const nextNonce = noncesBy(512);

function noncesBy(count: number): () => Uint8Array {
  const fetched = Buffer.alloc(count * nonceBytes);
  let at = fetched.length;
  return () => {
    if (at === fetched.length) {
      randomFillSync(fetched);
      at = 0;
    }
    at += nonceBytes;
    // Good until the next ones are fetched, which is never in the middle of a message.
    return fetched.subarray(at - nonceBytes, at);
  };
}

/** A key prepared once (`createSecretKey`): preparing it anew for each message costs four times the encryption. */
export function encrypt(key: KeyObject, plain: Uint8Array, associated: Uint8Array): Uint8Array {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  const sealed = Buffer.allocUnsafe(nonceBytes + plain.length + tagBytes);
  sealed.set(nonce);
  // A stream cipher: as many bytes come out as went in, and none are left for the end.
  sealed.set(cipher.update(plain), nonceBytes);
  cipher.final();
  sealed.set(cipher.getAuthTag(), nonceBytes + plain.length);
  return sealed;
}

/** `undefined` when the key or the associated data are others than those it was encrypted with, or a bit changed. */
export function decrypt(key: KeyObject, sealed: Uint8Array, associated: Uint8Array): Buffer | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const first = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes));
  try {
    return Buffer.concat([first, decipher.final()]);
  } catch {
    return undefined;
  }
}
