/** The tenants' keys in AWS KMS, with the official client, against a server that speaks its protocol. */
import { randomBytes } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemIds } from '../../platform/crypto.ts';
import { type CaseId, newId, type TenantId } from '../../shared/ids.ts';
import { type KmsServer, startKmsServer } from '../testing/kmsServer.ts';
import { CaseKeys } from './caseKeys.ts';
import { KeyUnavailable } from './keyService.ts';
import { type KmsKeys, kmsKeys } from './kmsKeys.ts';

const aliasPrefix = 'alias/tma/test/tenant/';
let kms: KmsServer;
let keys: KmsKeys;
let tenant: TenantId;

beforeAll(async () => {
  kms = await startKmsServer();
  keys = kmsKeys({ aliasPrefix, client: clientOf(kms.url) });
  await keys.prepare();
});
beforeEach(async () => {
  kms.deny();
  tenant = newId<TenantId>(systemIds);
  await keys.createTenantKey(tenant);
});
afterAll(async () => {
  keys?.close();
  await kms?.close();
});

const clientOf = (endpoint: string) =>
  new KMSClient({
    endpoint,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
const place = Buffer.from('here');

describe('the key of a tenant in KMS', () => {
  it('wraps and unwraps, and opens nothing of another tenant, place or text', async () => {
    const key = randomBytes(32);
    const wrapped = await keys.wrap(tenant, key, place);
    expect(Buffer.from(await keys.unwrap(tenant, wrapped, place))).toEqual(key);
    const other = newId<TenantId>(systemIds);
    await keys.createTenantKey(other);
    await expect(keys.unwrap(other, wrapped, place)).rejects.toThrow(/IncorrectKey/);
    await expect(keys.unwrap(tenant, wrapped, Buffer.from('there'))).rejects.toThrow(KeyUnavailable);
    const altered = Buffer.from(wrapped);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    await expect(keys.unwrap(tenant, altered, place)).rejects.toThrow(KeyUnavailable);
  });

  it('is made once, also by two at a time, and turned over every year', async () => {
    const fresh = newId<TenantId>(systemIds);
    await Promise.all([keys.createTenantKey(fresh), keys.createTenantKey(fresh)]);
    const wrapped = await keys.wrap(fresh, randomBytes(32), place);
    await keys.createTenantKey(fresh);
    expect(await keys.unwrap(fresh, wrapped, place)).toHaveLength(32);
    expect(kms.asked.some(({ operation }) => operation === 'EnableKeyRotation')).toBe(true);
  });

  it('is asked with ids and nothing else in the context, which CloudTrail writes down', async () => {
    await keys.wrap(tenant, randomBytes(32), place);
    expect(kms.asked.at(-1)?.context).toEqual({ tenant, place: place.toString('base64url') });
  });

  it('gone, takes everything of the tenant with it, at once and for good', async () => {
    const caseId = newId<CaseId>(systemIds);
    const { wrapped } = await new CaseKeys(keys).create(tenant, caseId);
    kms.destroy(`${aliasPrefix}${tenant}`);
    await expect(new CaseKeys(keys).open(tenant, caseId, wrapped)).rejects.toThrow(/NotFound/);
  });

  it('denied, says so and does not look like a passing failure', async () => {
    const wrapped = await keys.wrap(tenant, randomBytes(32), place);
    kms.deny('Decrypt');
    await expect(keys.unwrap(tenant, wrapped, place)).rejects.toThrow(/AccessDenied/);
  });
});

describe('at the start', () => {
  const why = async (asked: Promise<void>) => (await asked.catch((error: Error) => error))?.message;

  it('keys that can be used are found to be so', async () => {
    await expect(keys.check()).resolves.toBeUndefined();
  });

  it('a refusal is told in words: denied, not made yet, not there', async () => {
    kms.deny('Encrypt');
    expect(await why(keys.check())).toMatch(
      /^kms: alias\/tma\/test\/tenant\/probe cannot be used, access is denied/,
    );
    const unmade = kmsKeys({ aliasPrefix: 'alias/tma/new/', client: clientOf(kms.url) });
    kms.deny();
    expect(await why(unmade.check())).toMatch(/Make it once: node admin.mjs prepare-keys/);
    const nowhere = kmsKeys({ aliasPrefix, client: clientOf('http://127.0.0.1:1') });
    expect(await why(nowhere.check())).toMatch(/does not answer/);
  });
});
