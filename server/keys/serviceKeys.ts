/**
 * The service's own secrets: an Ed25519 key that signs the heads of logs, and from it, by HKDF (RFC 5869), the
 * key of the nonces; and the epoch, which an administrator renews after restoring the database from a backup.
 * All tasks of one service share them, and none of them is in the database.
 */
import { hkdfSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { newSigningSeed, signerFromSeed } from '../../platform/crypto.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import { ConfigError } from '../config.ts';
import { readOrMake } from './files.ts';

export interface ServiceKeys {
  readonly signer: Signer;
  readonly nonceKey: Uint8Array;
  readonly epoch: string;
}

const seedBytes = 32;

/** Reads `signing.key` and `epoch` in that folder, and makes what is missing. Throws {@link ConfigError}. */
export async function loadServiceKeys(dir: string): Promise<ServiceKeys> {
  const seed = await readOrMake(join(dir, 'signing.key'), newSigningSeed);
  if (seed.length !== seedBytes)
    throw new ConfigError('keysDir: signing.key is damaged; restore it from its backup.');
  const epoch = (await readOrMake(join(dir, 'epoch'), () => Buffer.from(`${randomUUID()}\n`)))
    .toString()
    .trim();
  return serviceKeysFrom(seed, epoch);
}

export function serviceKeysFrom(seed: Uint8Array, epoch: string): ServiceKeys {
  const nonceKey = new Uint8Array(hkdfSync('sha256', seed, '', 'tma/nonce-key/1', 32));
  return { signer: signerFromSeed(seed), nonceKey, epoch };
}
