import { systemIds } from '../../platform/crypto.ts';
import type { ServiceConfig } from '../config.ts';
import { checkDatabase, connect, type Db } from '../db/connect.ts';
import { openTenantKeys } from '../keys/openKeys.ts';
import { type Admin, createAdmin } from './admin.ts';

export interface OpenedAdmin {
  readonly admin: Admin;
  close(): Promise<void>;
}

/** @throws {ConfigError} when the database is not as the service needs it. */
export async function openDatabase(config: ServiceConfig): Promise<Db> {
  const db = connect({ ...config, size: 2 });
  try {
    await checkDatabase(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Administration without a running service: the same rights, the same audit log. @throws {ConfigError} */
export async function openAdmin(config: ServiceConfig): Promise<OpenedAdmin> {
  const db = await openDatabase(config);
  const admin = createAdmin({
    db,
    ids: systemIds,
    keys: await openTenantKeys(config),
    defaults: config.tenantDefaults,
    nowMs: systemIds.nowMs,
  });
  return { admin, close: () => db.destroy() };
}
