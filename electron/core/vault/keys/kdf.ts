/**
 * From what a person knows and what the laptop holds to the key that wraps the data key:
 *
 *   KEK = HKDF-SHA-256( Argon2id(passphrase, salt) ‖ deviceSecret ‖ serverShare? ; info = version, tenant, user, device )
 *
 * Argon2id: RFC 9106; HKDF: RFC 5869. The passphrase alone opens nothing without the laptop's keystore, the
 * keystore alone nothing without the passphrase.
 */
import { hkdfSync } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';
import { z } from 'zod';
import { TmaError } from '../../../../shared/errors.ts';

export const kdfParametersSchema = z.strictObject({
  memoryKiB: z
    .int()
    .positive()
    .max(4 * 1024 * 1024),
  passes: z.int().positive().max(64),
  lanes: z.int().positive().max(64),
});
export type KdfParameters = z.infer<typeof kdfParametersSchema>;

/** A header that asks for less was tampered with. */
export const weakestKdf: KdfParameters = { memoryKiB: 64 * 1024, passes: 3, lanes: 1 };

/** @throws TmaError `vault.header-weak` */
export function assertKdfStrong(kdf: KdfParameters): void {
  if (kdf.memoryKiB < weakestKdf.memoryKiB || kdf.passes < weakestKdf.passes) {
    throw new TmaError('vault.header-weak', { memoryKiB: kdf.memoryKiB, passes: kdf.passes });
  }
}

export interface KekInput {
  readonly passphrase: string;
  readonly salt: Uint8Array;
  readonly kdf: KdfParameters;
  readonly deviceSecret: Uint8Array;
  readonly serverShare?: Uint8Array | undefined;
  /** The canonical text of version, tenant, user and device. */
  readonly info: string;
}

/** The 32 bytes of the key-wrapping key; the caller zeroes them. Takes as long as the parameters ask. */
export async function deriveKek(input: KekInput): Promise<Buffer> {
  assertKdfStrong(input.kdf);
  const password = Buffer.from(input.passphrase.normalize('NFKC'), 'utf8');
  const stretched = await hashRaw(password, {
    salt: input.salt,
    memoryCost: input.kdf.memoryKiB,
    timeCost: input.kdf.passes,
    parallelism: input.kdf.lanes,
    outputLen: 32,
  });
  const secret = Buffer.concat([stretched, input.deviceSecret, input.serverShare ?? new Uint8Array(0)]);
  try {
    return Buffer.from(hkdfSync('sha256', secret, input.salt, Buffer.from(input.info, 'utf8'), 32));
  } finally {
    for (const buffer of [password, stretched, secret]) buffer.fill(0);
  }
}
