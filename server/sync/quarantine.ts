import type { CaseId } from '../../shared/ids.ts';
import { writeAudit } from '../audit/audit.ts';
import { writing } from '../db/scope.ts';
import type { Submitter, SyncContext } from './context.ts';

/** Keeps a device apart that contradicted itself, until a person has looked at it; what it holds stays on it. */
export async function quarantineDevice(
  context: SyncContext,
  submitter: Submitter,
  caseId: CaseId,
): Promise<void> {
  const { tenant, user, device } = submitter;
  const nowMs = context.nowMs();
  await writing(context.db, { tenant, user, duty: 'devices', nowMs }, async (trx) => {
    await trx
      .updateTable('devices')
      .set({ quarantined_at: new Date(nowMs) })
      .where('tenant_id', '=', tenant)
      .where('device_id', '=', device)
      .where('quarantined_at', 'is', null)
      .execute();
    await writeAudit(trx, tenant, { type: 'device.quarantined', atMs: nowMs, user, device, case: caseId });
  });
}
