/**
 * Tenant keys in AWS KMS, one customer key per tenant under an alias that ends in the tenant's id. Destroying that
 * key (KMS waits 7 to 30 days) makes everything of the tenant unreadable, backups included.
 *
 * A case's key is encrypted with the context { tenant, place }: KMS binds it into the ciphertext as associated data
 * and writes it into CloudTrail, so it holds ids alone. Decrypting names the key, so that a ciphertext made under
 * another key is refused even where the caller might use that key too.
 */
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { toBase64Url } from '../../shared/bytes.ts';
import { awsClientOptions, awsErrorName, whyRefused } from '../cloud/aws.ts';
import { ConfigError } from '../config.ts';
import { type KeyService, KeyUnavailable } from './keyService.ts';

/** A key like a tenant's that wraps nothing but what a starting task tries. */
const probe = 'probe';

export interface KmsOptions {
  /** `alias/tma/prod/tenant/`; the tenant's id follows. */
  readonly aliasPrefix: string;
  readonly client?: KMSClient;
}

export interface KmsKeys extends KeyService {
  /** Makes the key that starting tasks try; once per stage, by an administrator. */
  prepare(): Promise<void>;
  close(): void;
}

export function kmsKeys({ aliasPrefix, client = new KMSClient(awsClientOptions) }: KmsOptions): KmsKeys {
  const aliasOf = (name: string) => `${aliasPrefix}${name}`;

  async function ensureKey(name: string): Promise<void> {
    const alias = aliasOf(name);
    if (await exists(alias)) return;
    const made = await client.send(
      new CreateKeyCommand({
        Description: `TMA: wraps the keys of cases (${name})`,
        // So that it can be given to another region: a lost region must not be the loss of every case.
        MultiRegion: true,
        Tags: [{ TagKey: 'tma:purpose', TagValue: 'tenant' }],
      }),
    );
    const KeyId = made.KeyMetadata?.KeyId;
    if (KeyId === undefined) throw new KeyUnavailable('KMS made a key without an id.');
    await client.send(new EnableKeyRotationCommand({ KeyId }));
    try {
      await client.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyId }));
    } catch (error) {
      // Somebody else was quicker: theirs is the tenant's key, ours goes.
      if (awsErrorName(error) !== 'AlreadyExistsException') throw error;
      await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    }
  }

  async function exists(alias: string): Promise<boolean> {
    try {
      await client.send(new DescribeKeyCommand({ KeyId: alias }));
      return true;
    } catch (error) {
      if (awsErrorName(error) === 'NotFoundException') return false;
      throw error;
    }
  }

  async function wrap(name: string, key: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
    const request = { KeyId: aliasOf(name), Plaintext: key, EncryptionContext: contextOf(name, context) };
    const answer = await client.send(new EncryptCommand(request));
    if (answer.CiphertextBlob === undefined) throw new KeyUnavailable('KMS gave no ciphertext.');
    return answer.CiphertextBlob;
  }

  async function unwrap(name: string, wrapped: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
    const request = {
      KeyId: aliasOf(name),
      CiphertextBlob: wrapped,
      EncryptionContext: contextOf(name, context),
    };
    const answer = await client.send(new DecryptCommand(request));
    if (answer.Plaintext === undefined) throw new KeyUnavailable('KMS gave no key.');
    return answer.Plaintext;
  }

  return {
    createTenantKey: (tenant) => ensureKey(tenant),
    wrap: (tenant, key, context) => named(wrap(tenant, key, context)),
    unwrap: (tenant, wrapped, context) => named(unwrap(tenant, wrapped, context)),
    prepare: () => ensureKey(probe),
    async check() {
      const place = new Uint8Array(1);
      try {
        await unwrap(probe, await wrap(probe, new Uint8Array(32), place), place);
      } catch (cause) {
        const missing = awsErrorName(cause) === 'NotFoundException';
        const remedy = missing ? ' Make it once: node admin.mjs prepare-keys.' : '';
        throw new ConfigError(`kms: ${aliasOf(probe)} cannot be used, ${whyRefused(cause)}.${remedy}`, {
          cause,
        });
      }
    },
    close: () => client.destroy(),
  };
}

const contextOf = (tenant: string, place: Uint8Array) => ({ tenant, place: toBase64Url(place) });

/** Refusals that trying again will not change; the rest goes on as it came, and the laptop asks again later. */
const final = new Set([
  'NotFoundException',
  'DisabledException',
  'KMSInvalidStateException',
  'InvalidCiphertextException',
  'IncorrectKeyException',
  'AccessDeniedException',
]);

async function named<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    const name = awsErrorName(cause);
    if (name === undefined || !final.has(name)) throw cause;
    throw new KeyUnavailable(`The key of a tenant is not to be had: ${name}.`, { cause });
  }
}
