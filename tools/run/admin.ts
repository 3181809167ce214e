/** Acts as the administrator of the service on this machine, whichever process runs it. */
import type { Admin } from '../../server/admin/admin.ts';
import { openAdmin } from '../../server/admin/openAdmin.ts';
import { parseConfig } from '../../server/config.ts';
import type { RunningService } from './service.ts';

export async function withAdmin<T>(service: RunningService, work: (admin: Admin) => Promise<T>): Promise<T> {
  if (service.own !== undefined) return work(service.own.admin);
  const { databaseUrl, keysDir } = service;
  const opened = await openAdmin(parseConfig({ databaseUrl, keysDir }));
  try {
    return await work(opened.admin);
  } finally {
    await opened.close();
  }
}
