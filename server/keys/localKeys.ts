/** Tenant keys in files, one of 32 random bytes per tenant: for one machine, development and tests. */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { utf8 } from '../../shared/bytes.ts';
import type { TenantId } from '../../shared/ids.ts';
import { decrypt, encrypt, keyBytes } from './aead.ts';
import { readIfThere, readOrMake } from './files.ts';
import { type KeyService, KeyUnavailable } from './keyService.ts';

export function localKeys(dir: string): KeyService {
  const loaded = new Map<TenantId, KeyObject>();
  const fileOf = (tenant: TenantId) => join(dir, 'tenants', `${tenant}.key`);

  async function keyOf(tenant: TenantId): Promise<KeyObject> {
    const known = loaded.get(tenant);
    if (known !== undefined) return known;
    const bytes = await readIfThere(fileOf(tenant));
    if (bytes?.length !== keyBytes) throw new KeyUnavailable('The key of a tenant is missing or damaged.');
    const key = createSecretKey(bytes);
    bytes.fill(0);
    loaded.set(tenant, key);
    return key;
  }

  return {
    async createTenantKey(tenant) {
      await readOrMake(fileOf(tenant), () => randomBytes(keyBytes));
    },
    async wrap(tenant, key, context) {
      return encrypt(await keyOf(tenant), key, associated(context));
    },
    async unwrap(tenant, wrapped, context) {
      const key = decrypt(await keyOf(tenant), wrapped, associated(context));
      if (key === undefined)
        throw new KeyUnavailable('The key of a case does not open under its tenant’s key.');
      return key;
    },
    async check() {
      // Keys in files are read one by one; the folder was written to when the service's own keys were loaded.
    },
  };
}

const associated = (context: Uint8Array) => Buffer.concat([utf8('tma/wrap/1'), context]);
