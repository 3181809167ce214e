/**
 * A key slot: the data key of a vault, wrapped.
 *
 *   header   JSON text; version, kind, binding, key derivation, keystore, whether a server share is needed
 *   nonce    12 random bytes
 *   wrapped  AES-256-GCM(KEK, nonce, key[32] ‖ salt[16]; associated data = the header's exact bytes) ‖ tag[16]
 *
 * Changing one character of the header makes the slot open to nobody. AES-GCM: NIST SP 800-38D.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { TmaError } from '../../../../shared/errors.ts';
import type { StoredSlot } from '../../device/keySlots.ts';
import type { VaultKey } from '../driver.ts';
import { assertKdfStrong, deriveKek, type KdfParameters, kdfParametersSchema } from './kdf.ts';

const keyBytes = 32;
const saltBytes = 16;
const tagBytes = 16;

export const bindingSchema = z.strictObject({
  tenantId: z.string().min(1),
  userId: z.string().min(1),
  deviceId: z.string().min(1),
});

export type SlotBinding = z.infer<typeof bindingSchema>;

export const userSlotHeaderSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('user'),
  binding: bindingSchema,
  kdf: kdfParametersSchema.extend({ algorithm: z.literal('argon2id'), salt: z.base64() }),
  keystore: z.strictObject({ backend: z.string(), check: z.base64() }),
  serverShare: z.boolean(),
  createdAtMs: z.int().nonnegative(),
});
export type UserSlotHeader = z.infer<typeof userSlotHeaderSchema>;

export interface SlotSecrets {
  readonly passphrase: string;
  readonly deviceSecret: Uint8Array;
  readonly serverShare?: Uint8Array | undefined;
}

export interface SealRequest extends SlotSecrets {
  readonly binding: SlotBinding;
  readonly kdf: KdfParameters;
  readonly keystoreBackend: string;
  readonly createdAtMs: number;
}

/** A new data key: random, never derived from a passphrase. */
export function newVaultKey(): VaultKey {
  return { key: randomBytes(keyBytes), salt: randomBytes(saltBytes) };
}

export function zeroVaultKey({ key, salt }: VaultKey): void {
  key.fill(0);
  salt.fill(0);
}

export async function sealUserSlot(vaultKey: VaultKey, request: SealRequest): Promise<StoredSlot> {
  const header: UserSlotHeader = {
    version: 1,
    kind: 'user',
    binding: request.binding,
    kdf: { algorithm: 'argon2id', ...request.kdf, salt: randomBytes(saltBytes).toString('base64') },
    keystore: { backend: request.keystoreBackend, check: keystoreCheck(request.deviceSecret) },
    serverShare: request.serverShare !== undefined,
    createdAtMs: request.createdAtMs,
  };
  const text = JSON.stringify(header);
  const kek = await kekOf(header, request);
  try {
    return { kind: 'user', header: text, ...wrapKey(vaultKey, kek, text) };
  } finally {
    kek.fill(0);
  }
}

/**
 * The header, checked before any attempt is counted.
 * @throws TmaError `vault.damaged` when it is none, `vault.header-weak`.
 */
export function readUserHeader(slot: StoredSlot): UserSlotHeader {
  const parsed = userSlotHeaderSchema.safeParse(parseJson(slot.header));
  if (!parsed.success) throw new TmaError('vault.damaged', { part: 'key-slot' }, parsed.error);
  assertKdfStrong(parsed.data.kdf);
  return parsed.data;
}

/**
 * The data key; the caller zeroes it.
 * @throws TmaError `vault.secret-missing` when the keystore holds another secret or the server share is needed
 *   (neither depends on the passphrase), `vault.header-weak`, `vault.damaged`, `vault.wrong-passphrase`.
 */
export async function openUserSlot(slot: StoredSlot, secrets: SlotSecrets): Promise<VaultKey> {
  const header = readUserHeader(slot);
  assertSecretsFit(header, secrets);
  const kek = await kekOf(header, secrets);
  try {
    return unwrapKey(slot, kek);
  } finally {
    kek.fill(0);
  }
}

/** @throws TmaError `vault.secret-missing` when the keystore holds another secret than the slot was made with. */
export function assertKeystoreFits({ keystore }: UserSlotHeader, deviceSecret: Uint8Array): void {
  if (keystoreCheck(deviceSecret) !== keystore.check) {
    throw new TmaError('vault.secret-missing', { expected: keystore.backend });
  }
}

/** @throws TmaError `vault.secret-missing`; cheap, so it is asked before an attempt is counted. */
export function assertSecretsFit(header: UserSlotHeader, secrets: Omit<SlotSecrets, 'passphrase'>): void {
  assertKeystoreFits(header, secrets.deviceSecret);
  if (header.serverShare && secrets.serverShare === undefined) {
    throw new TmaError('vault.secret-missing', { expected: 'server-share' });
  }
}

function kekOf(header: UserSlotHeader, secrets: SlotSecrets): Promise<Buffer> {
  const { tenantId, userId, deviceId } = header.binding;
  return deriveKek({
    passphrase: secrets.passphrase,
    salt: Buffer.from(header.kdf.salt, 'base64'),
    kdf: { memoryKiB: header.kdf.memoryKiB, passes: header.kdf.passes, lanes: header.kdf.lanes },
    deviceSecret: secrets.deviceSecret,
    serverShare: header.serverShare ? secrets.serverShare : undefined,
    info: JSON.stringify(['tma vault kek', header.version, tenantId, userId, deviceId]),
  });
}

/** Tells a changed keystore from a wrong passphrase; says nothing about 32 random bytes. */
function keystoreCheck(deviceSecret: Uint8Array): string {
  const hash = createHash('sha256').update('tma vault keystore check').update(deviceSecret).digest();
  return hash.subarray(0, 8).toString('base64');
}

export function wrapKey(
  vaultKey: VaultKey,
  kek: Uint8Array,
  header: string,
): { nonce: Uint8Array; wrapped: Uint8Array } {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', kek, nonce).setAAD(Buffer.from(header, 'utf8'));
  const plain = Buffer.concat([vaultKey.key, vaultKey.salt]);
  const wrapped = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  plain.fill(0);
  return { nonce, wrapped };
}

/** @throws TmaError `vault.wrong-passphrase` when the authentication fails. */
export function unwrapKey(slot: StoredSlot, kek: Uint8Array): VaultKey {
  if (slot.wrapped.length !== keyBytes + saltBytes + tagBytes || slot.nonce.length !== 12) {
    throw new TmaError('vault.damaged', { part: 'key-slot' });
  }
  const decipher = createDecipheriv('aes-256-gcm', kek, slot.nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(slot.header, 'utf8'))
    .setAuthTag(slot.wrapped.subarray(-tagBytes));
  const plain = decipher.update(slot.wrapped.subarray(0, -tagBytes));
  try {
    decipher.final();
    return { key: Buffer.from(plain.subarray(0, keyBytes)), salt: Buffer.from(plain.subarray(keyBytes)) };
  } catch (error) {
    throw new TmaError('vault.wrong-passphrase', undefined, error);
  } finally {
    plain.fill(0);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
