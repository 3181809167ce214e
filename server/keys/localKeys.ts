/** Tenant keys in files, one of 32 random bytes per tenant: for one machine, development and tests. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { utf8 } from '../../shared/bytes.ts';
import type { TenantId } from '../../shared/ids.ts';
import { decrypt, encrypt, keyBytes } from './aead.ts';
import { readIfThere, readOrMake } from './files.ts';
import { type KeyService, KeyUnavailable } from './keyService.ts';

export function localKeys(dir: string): KeyService {
  const loaded = new Map<TenantId, Uint8Array>();
  const fileOf = (tenant: TenantId) => join(dir, 'tenants', `${tenant}.key`);

  async function keyOf(tenant: TenantId): Promise<Uint8Array> {
    const known = loaded.get(tenant);
    if (known !== undefined) return known;
    const key = await readIfThere(fileOf(tenant));
    if (key?.length !== keyBytes) throw new KeyUnavailable('The key of a tenant is missing or damaged.');
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
  };
}

const associated = (context: Uint8Array) => Buffer.concat([utf8('tma/wrap/1'), context]);
