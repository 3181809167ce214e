/**
 * AES-256-GCM (NIST SP 800-38D): `nonce(12) ‖ ciphertext ‖ tag(16)`, the nonce random for each message. The
 * associated data says what the message is and where it belongs, so that no ciphertext can stand in for another.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

/** A key prepared once (`createSecretKey`): preparing it anew for each message costs four times the encryption. */
export function encrypt(key: KeyObject, plain: Uint8Array, associated: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
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
