/** node:crypto behind the ports of `shared/sync/crypto.ts` and `shared/ids.ts`. */
import * as node from 'node:crypto';
import type { IdSource } from '../shared/ids.ts';
import type { Signer, SyncCrypto } from '../shared/sync/crypto.ts';

// DER wrappings of raw Ed25519 keys (RFC 8410): node:crypto takes keys only in a container.
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const keyLength = 32;

export const nodeCrypto: SyncCrypto = {
  sha256(...parts) {
    const hash = node.createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  },
  digest: (message) => node.hash('sha256', message, 'base64url'),
  randomBytes: (length) => node.randomBytes(length),
  verify(publicKey, message, signature) {
    if (publicKey.length !== keyLength || signature.length !== 2 * keyLength) return false;
    return node.verify(null, message, publicKeyObject(publicKey), signature);
  },
};

export const systemIds: IdSource = {
  nowMs: () => Date.now(),
  randomBytes: (length) => node.randomBytes(length),
};

/** 32 random bytes from which {@link signerFromSeed} makes a key pair. */
export function newSigningSeed(): Uint8Array {
  return node.randomBytes(keyLength);
}

/** The Ed25519 key pair of a 32-byte seed (the private key of RFC 8032). */
export function signerFromSeed(seed: Uint8Array): Signer {
  const key = node.createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = node.createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { publicKey: spki.subarray(spkiPrefix.length), sign: (message) => node.sign(null, message, key) };
}

function publicKeyObject(raw: Uint8Array): node.KeyObject {
  return node.createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
}
