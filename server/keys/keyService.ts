import type { TenantId } from '../../shared/ids.ts';

/**
 * Keeps the key of each tenant and lends it for one thing: wrapping the keys of cases, and shares of the keys of
 * vaults. The tenant's key never leaves it. One implementation keeps keys in files; in the cloud it is a key management service.
 */
export interface KeyService {
  /** Makes the key of a new tenant; does nothing when there is one. */
  createTenantKey(tenant: TenantId): Promise<void>;
  /** `context` is bound to the result: unwrapping needs the same one. Throws {@link KeyUnavailable}. */
  wrap(tenant: TenantId, key: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
  /** Throws {@link KeyUnavailable} when the tenant's key is gone or did not wrap this. */
  unwrap(tenant: TenantId, wrapped: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
  /** At the start: whether keys can be used at all. Throws `ConfigError`, which says why not. */
  check(): Promise<void>;
}

/** A key that is not there, or does not open what it should. Nothing can be read or written without it. */
export class KeyUnavailable extends Error {
  override readonly name = 'KeyUnavailable';
}
