/**
 * Cases checked out on laptops, as `shared/sync/leases.ts` says: granted, renewed by every contact, given back, and ended
 * where their time is over or the person may not see the case any more. None is ever removed: who took what along, why
 * and how long, is told later.
 */
import { sql } from 'kysely';
import { TmaError } from '../../shared/errors.ts';
import type { Lease, LeasesAnswer, LeasesRequest } from '../../shared/sync/leases.ts';
import { type AuditEntry, writeAudit } from '../audit/audit.ts';
import { type Trx, writing } from '../db/scope.ts';
import type { Submitter, SyncContext } from '../sync/context.ts';
import { policyOf } from '../tenantSettings.ts';

const hourMs = 3_600_000;
/** Cases one laptop may have checked out at a time: taking everything along is not what this is for. */
const mostLeases = 500;

/** Throws `case.not-found` for a case the person may not see, `lease.too-many`. */
export function exchangeLeases(
  context: SyncContext,
  asker: Submitter,
  { take, giveBack = [] }: LeasesRequest,
): Promise<LeasesAnswer> {
  const { tenant, user } = asker;
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, user, nowMs }, async (trx) => {
    const told: AuditEntry[] = [];
    if (giveBack.length > 0) told.push(...(await returnLeases(trx, asker, { giveBack, nowMs })));
    if (take !== undefined) told.push(...(await takeLease(trx, asker, { take, nowMs })));
    const renewed = await renewLeases(trx, asker, { nowMs, hours: await checkoutHours(trx, asker) });
    if (renewed.leases.length > mostLeases) throw new TmaError('lease.too-many', { most: mostLeases });
    await writeAudit(trx, tenant, ...told, ...renewed.told);
    return { serverTimeMs: nowMs, leases: renewed.leases };
  });
}

async function checkoutHours(trx: Trx, { tenant }: Submitter): Promise<number> {
  const { settings } = await trx
    .selectFrom('tenants')
    .select('settings')
    .where('tenant_id', '=', tenant)
    .executeTakeFirstOrThrow();
  return policyOf(settings).checkoutHours;
}

async function returnLeases(
  trx: Trx,
  { tenant, user, device }: Submitter,
  { giveBack, nowMs }: { readonly giveBack: NonNullable<LeasesRequest['giveBack']>; readonly nowMs: number },
): Promise<readonly AuditEntry[]> {
  const rows = await trx
    .updateTable('leases')
    .set({ ended_at: new Date(nowMs), ended_because: 'returned' })
    .where('tenant_id', '=', tenant)
    .where('device_id', '=', device)
    .where('lease_id', 'in', [...giveBack])
    .where('ended_at', 'is', null)
    .returning('case_id')
    .execute();
  return rows.map((row) => ({
    type: 'lease.ended',
    atMs: nowMs,
    user,
    device,
    case: row.case_id,
    reason: 'returned',
  }));
}

async function takeLease(
  trx: Trx,
  { tenant, user, device }: Submitter,
  { take, nowMs }: { readonly take: NonNullable<LeasesRequest['take']>; readonly nowMs: number },
): Promise<readonly AuditEntry[]> {
  const seen = await trx
    .selectFrom('cases')
    .select('case_id')
    .where('tenant_id', '=', tenant)
    .where('case_id', '=', take.case)
    .executeTakeFirst();
  if (seen === undefined) throw new TmaError('case.not-found');
  const now = new Date(nowMs);
  // What is checked out once more has a new purpose or a new time, and the old lease ends.
  await trx
    .updateTable('leases')
    .set({ ended_at: now, ended_because: 'returned' })
    .where('tenant_id', '=', tenant)
    .where('device_id', '=', device)
    .where('case_id', '=', take.case)
    .where('lease_id', '<>', take.id)
    .where('ended_at', 'is', null)
    .execute();
  const wished = new Date(nowMs + take.forMs);
  const added = await trx
    .insertInto('leases')
    .values({
      tenant_id: tenant,
      lease_id: take.id,
      device_id: device,
      user_id: user,
      case_id: take.case,
      purpose: take.purpose,
      since: now,
      wished_until: wished,
      // The renewal that follows shortens it to what the organisation allows.
      until: wished,
      renewed_at: now,
      ended_at: null,
      ended_because: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) return [];
  return [{ type: 'lease.taken', atMs: nowMs, user, device, case: take.case, reason: take.purpose }];
}

export interface Renewed {
  readonly leases: Lease[];
  readonly told: readonly AuditEntry[];
}

/** The contact of a laptop: every lease of it that still stands counts from now on. */
export async function renewLeases(
  trx: Trx,
  { tenant, user, device }: Submitter,
  { nowMs, hours }: { readonly nowMs: number; readonly hours: number },
): Promise<Renewed> {
  const now = new Date(nowMs);
  const ended = await sql<{ case_id: Lease['case']; reason: string }>`
    update leases set ended_at = ${now},
      ended_because = case when wished_until <= ${now} then 'over' else 'access' end
    where tenant_id = ${tenant} and device_id = ${device} and ended_at is null and (wished_until <= ${now}
      or not exists (select from cases c where c.tenant_id = leases.tenant_id and c.case_id = leases.case_id))
    returning case_id, ended_because as reason`.execute(trx);
  const latest = new Date(nowMs + hours * hourMs);
  const rows = await trx
    .updateTable('leases')
    .set({ renewed_at: now, until: sql<Date>`least(wished_until, ${latest})` })
    .where('tenant_id', '=', tenant)
    .where('device_id', '=', device)
    .where('ended_at', 'is', null)
    .returning(['lease_id', 'case_id', 'purpose', 'since', 'until', 'wished_until'])
    .execute();
  return {
    leases: rows.map((row) => ({
      ...{ id: row.lease_id, case: row.case_id, purpose: row.purpose, renewedAtMs: nowMs },
      ...{ sinceMs: row.since.getTime(), untilMs: row.until.getTime() },
      wishedUntilMs: row.wished_until.getTime(),
    })),
    told: ended.rows.map(({ case_id, reason }) => ({
      ...{ type: 'lease.ended', atMs: nowMs, user, device, reason },
      case: case_id,
    })),
  };
}

/** A laptop that goes on under a new id keeps what it has checked out. */
export async function moveLeases(
  trx: Trx,
  { tenant, device }: Submitter,
  to: Submitter['device'],
): Promise<void> {
  await trx
    .updateTable('leases')
    .set({ device_id: to })
    .where('tenant_id', '=', tenant)
    .where('device_id', '=', device)
    .where('ended_at', 'is', null)
    .execute();
}
