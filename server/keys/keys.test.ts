import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemIds } from '../../platform/crypto.ts';
import { type CaseId, newId, type RecordId, type TenantId } from '../../shared/ids.ts';
import { decrypt, encrypt } from './aead.ts';
import { CaseKeys } from './caseKeys.ts';
import { KeyUnavailable } from './keyService.ts';
import { localKeys } from './localKeys.ts';
import { loadServiceKeys } from './serviceKeys.ts';

let dir: string;
const tenant = newId<TenantId>(systemIds);
const other = newId<TenantId>(systemIds);
const caseId = newId<CaseId>(systemIds);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tma-keys-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('what is encrypted', () => {
  const key = createSecretKey(randomBytes(32));
  const associated = Buffer.from('here');

  it('opens only with its key, in its place, and unchanged', () => {
    const sealed = encrypt(key, Buffer.from('ruhig'), associated);
    expect(decrypt(key, sealed, associated)?.toString()).toBe('ruhig');
    expect(decrypt(createSecretKey(randomBytes(32)), sealed, associated)).toBeUndefined();
    expect(decrypt(key, sealed, Buffer.from('there'))).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(decrypt(key, altered, associated)).toBeUndefined();
    }
    expect(decrypt(key, sealed.subarray(0, 20), associated)).toBeUndefined();
  });
});

describe('the key of a tenant', () => {
  it('is one file that only the service can read, and stays the same', async () => {
    await localKeys(dir).createTenantKey(tenant);
    await localKeys(dir).createTenantKey(tenant);
    const [file = ''] = await readdir(join(dir, 'tenants'));
    expect((await stat(join(dir, 'tenants', file))).mode & 0o777).toBe(0o600);
    const wrapped = await localKeys(dir).wrap(tenant, randomBytes(32), Buffer.from('x'));
    expect(await localKeys(dir).unwrap(tenant, wrapped, Buffer.from('x'))).toHaveLength(32);
  });

  it('opens nothing of another tenant or another case, and nothing when it is gone', async () => {
    const keys = localKeys(dir);
    await keys.createTenantKey(tenant);
    await keys.createTenantKey(other);
    const wrapped = await keys.wrap(tenant, randomBytes(32), Buffer.from('x'));
    await expect(keys.unwrap(other, wrapped, Buffer.from('x'))).rejects.toThrow(KeyUnavailable);
    await expect(keys.unwrap(tenant, wrapped, Buffer.from('y'))).rejects.toThrow(KeyUnavailable);
    await unlink(join(dir, 'tenants', `${tenant}.key`));
    await expect(localKeys(dir).unwrap(tenant, wrapped, Buffer.from('x'))).rejects.toThrow(KeyUnavailable);
    await expect(localKeys(dir).wrap(tenant, randomBytes(32), Buffer.from('x'))).rejects.toThrow(
      KeyUnavailable,
    );
  });
});

describe('the content of a case', () => {
  async function cipherOf() {
    const keys = localKeys(dir);
    await keys.createTenantKey(tenant);
    const made = await new CaseKeys(keys).create(tenant, caseId);
    return { ...made, reopened: await new CaseKeys(keys).open(tenant, caseId, made.wrapped) };
  }

  it('comes back as it was, to the byte, so that its hash still fits', async () => {
    const { cipher, reopened } = await cipherOf();
    const change = {
      head: '{}',
      payload: '{"text":{"saw":[],"value":"Tür 🚪 offen"}}',
      salt: 'AAECAwQFBgcICQoLDA0ODw',
    };
    const read = reopened.openChange(cipher.sealChange(change, 7), 7);
    expect(read).toEqual({ payload: change.payload, salt: change.salt });
  });

  it('stays where it was written: another position, record or case does not open it', async () => {
    const { cipher } = await cipherOf();
    const [record, wrong] = [newId<RecordId>(systemIds), newId<RecordId>(systemIds)];
    const change = { payload: '{}', salt: 'AAECAwQFBgcICQoLDA0ODw' };
    expect(() => cipher.openChange(cipher.sealChange(change, 7), 8)).toThrow(KeyUnavailable);
    const state = { kind: 'note', registers: {}, sets: {} };
    expect(cipher.openState(cipher.sealState(state, record), record)).toEqual(state);
    expect(() => cipher.openState(cipher.sealState(state, record), wrong)).toThrow(KeyUnavailable);
  });
});

describe('the keys of the service', () => {
  it('are made once, also by two tasks that start at the same time', async () => {
    const [one, two] = await Promise.all([loadServiceKeys(dir), loadServiceKeys(dir)]);
    expect(two.signer.publicKey).toEqual(one.signer.publicKey);
    expect([two.epoch, two.nonceKey]).toEqual([one.epoch, one.nonceKey]);
    expect(one.nonceKey).not.toEqual(new Uint8Array(await readFile(join(dir, 'signing.key'))));
    expect((await readdir(dir)).sort()).toEqual(['epoch', 'signing.key']);
  });

  it('are not replaced when they are damaged', async () => {
    await writeFile(join(dir, 'signing.key'), 'short');
    await expect(loadServiceKeys(dir)).rejects.toThrow(/signing.key is damaged/);
  });
});
