/**
 * The cryptography that the change log needs, handed in by the host: node:crypto on the laptop and the
 * service (`platform/crypto.ts`). Hashes are SHA-256, signatures Ed25519 (RFC 8032), keys raw 32 bytes.
 */
export interface SyncCrypto {
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  /** The same of one message, as base64url: a third of the time where the text is what is wanted. */
  digest(message: Uint8Array): string;
  randomBytes(length: number): Uint8Array;
  /** False for a wrong signature and for anything that is not a key or a signature. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** A private key that never shows itself. */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}
