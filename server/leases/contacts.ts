/** Notes that a device was here, and how long it may go on without: what a laptop that is lost can still open. */

import type { DevicePolicy } from '../../shared/sync/enrolment.ts';
import { holdUntilMs, vaultUntilMs } from '../../shared/sync/leases.ts';
import type { Trx } from '../db/scope.ts';
import type { Submitter } from '../sync/context.ts';

export interface Contact {
  readonly atMs: number;
  readonly userCursor: number | undefined;
  readonly policy: DevicePolicy;
  /** Until when something is checked out on it; 0 where nothing is. */
  readonly checkedOutUntilMs: number;
}

/** As part of a transaction of the duty `devices`. */
export async function noteContact(
  trx: Trx,
  { tenant, device }: Submitter,
  { atMs, userCursor, policy, checkedOutUntilMs }: Contact,
): Promise<void> {
  const noted = {
    at: new Date(atMs),
    hold_until: dateOf(holdUntilMs(policy, atMs)),
    lease_until: dateOf(vaultUntilMs(policy, { atMs, checkedOutUntilMs })),
    ...(userCursor === undefined ? {} : { user_cursor: userCursor }),
  };
  await trx
    .insertInto('device_contacts')
    .values({ user_cursor: null, ...noted, tenant_id: tenant, device_id: device })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'device_id']).doUpdateSet(noted))
    .execute();
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
