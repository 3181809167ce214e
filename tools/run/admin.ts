/** Acts as the administrator of the service on this machine, whichever process runs it. */
import { systemIds } from '../../platform/crypto.ts';
import { type Admin, createAdmin } from '../../server/admin/admin.ts';
import { serviceConfigSchema } from '../../server/config.ts';
import { connect } from '../../server/db/connect.ts';
import { localKeys } from '../../server/keys/localKeys.ts';
import type { RunningService } from './service.ts';

export async function withAdmin<T>(service: RunningService, work: (admin: Admin) => Promise<T>): Promise<T> {
  if (service.own !== undefined) return work(service.own.admin);
  const { databaseUrl, keysDir } = service;
  const { tenantDefaults } = serviceConfigSchema.parse({ databaseUrl, keysDir });
  const db = connect({ databaseUrl, size: 2 });
  try {
    const { nowMs, randomBytes } = systemIds;
    return await work(
      createAdmin({
        db,
        ids: { nowMs, randomBytes },
        keys: localKeys(keysDir),
        defaults: tenantDefaults,
        nowMs,
      }),
    );
  } finally {
    await db.destroy();
  }
}
