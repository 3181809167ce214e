/**
 * Of a laptop that is lost: exactly what the service gave it, what of that was on it as far as anybody can know, until
 * when it can be opened without the service, and whether it said that it was wiped. It is read from what was written down
 * before anything went out (`server/leases/`). What is never known here is what was written on it and not sent.
 *
 * Cases by number and nothing else: their content is encrypted and plays no part.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { OrgRole } from '../../shared/domain/people.ts';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import { writeAudit } from '../audit/audit.ts';
import type { Db } from '../db/connect.ts';
import { type Trx, writing } from '../db/scope.ts';
import type { BreachReport } from './report.types.ts';
import { readCases } from './reportCases.ts';
import { readWipe } from './reportWipe.ts';

export interface ReportContext {
  readonly db: Db;
  nowMs(): number;
}

export interface ReportOrder {
  readonly tenant: TenantId;
  readonly device: DeviceId;
  /** The data protection officer, or an administrator. */
  readonly by: UserId;
}

const mayRead: readonly OrgRole[] = ['dpo', 'administrator'];

/**
 * Reading it is written into the audit log with the hash of the text that was given out. Throws `not-found`, and
 * `access.denied` where `by` is somebody else than {@link ReportOrder.by} says.
 *
 * @returns the report as the exact text that was hashed: JSON of a {@link BreachReport}.
 */
export function breachReport(context: ReportContext, order: ReportOrder): Promise<string> {
  const { tenant, device, by } = order;
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, duty: 'admin', nowMs }, async (trx) => {
    await assertMayRead(trx, order);
    const found = await readDevice(trx, order);
    const devices = await lineOf(trx, order);
    const contact = await readContact(trx, tenant, devices);
    const report: BreachReport = {
      version: 1,
      madeAt: new Date(nowMs).toISOString(),
      by,
      tenant: { id: tenant, name: found.tenant_name },
      device: {
        id: device,
        label: found.label,
        line: [...devices],
        user: { id: found.user_id, name: found.user_name, role: found.role, active: found.active },
        program: found.program,
        enrolledAt: found.enrolled_at.toISOString(),
        revokedAt: iso(found.revoked_at),
      },
      contact,
      wipe: await readWipe(trx, tenant, devices),
      cases: await readCases(trx, { devices, contact }),
      unsent: 'unknown',
    };
    const text = JSON.stringify(report);
    const digest = createHash('sha256').update(text).digest('base64url');
    await writeAudit(trx, tenant, { type: 'device.reported', atMs: nowMs, user: by, device, digest });
    return text;
  });
}

async function assertMayRead(trx: Trx, { tenant, by }: ReportOrder): Promise<void> {
  const person = await trx
    .selectFrom('users')
    .select(['role', 'active'])
    .where('tenant_id', '=', tenant)
    .where('user_id', '=', by)
    .executeTakeFirst();
  if (person?.active !== true || !mayRead.includes(person.role)) throw new TmaError('access.denied');
}

async function readDevice(trx: Trx, { tenant, device }: ReportOrder) {
  const found = await trx
    .selectFrom('devices as d')
    .innerJoin('users as u', (join) =>
      join.onRef('u.tenant_id', '=', 'd.tenant_id').onRef('u.user_id', '=', 'd.user_id'),
    )
    .innerJoin('tenants as t', 't.tenant_id', 'd.tenant_id')
    .select(['d.label', 'd.user_id', 'd.program', 'd.enrolled_at', 'd.revoked_at'])
    .select(['u.name as user_name', 'u.role', 'u.active', 't.name as tenant_name'])
    .where('d.tenant_id', '=', tenant)
    .where('d.device_id', '=', device)
    .executeTakeFirst();
  if (found === undefined) throw new TmaError('not-found');
  return found;
}

/** One laptop may have had several ids, one after the other, when its vault was set back or copied: all of them. */
async function lineOf(trx: Trx, { tenant, device }: ReportOrder): Promise<readonly DeviceId[]> {
  const { rows } = await sql<{ device_id: DeviceId }>`
    with recursive line as (
      select device_id, predecessor from devices where tenant_id = ${tenant} and device_id = ${device}
      union
      select d.device_id, d.predecessor from devices d join line
        on d.predecessor = line.device_id or d.device_id = line.predecessor
      where d.tenant_id = ${tenant}
    )
    select device_id from line order by device_id`.execute(trx);
  return rows.map((row) => row.device_id);
}

async function readContact(
  trx: Trx,
  tenant: TenantId,
  devices: readonly DeviceId[],
): Promise<BreachReport['contact']> {
  const row = await trx
    .selectFrom('device_contacts')
    .select(['at', 'user_cursor', 'hold_until', 'lease_until'])
    .where('tenant_id', '=', tenant)
    .where('device_id', 'in', [...devices])
    .orderBy('at', 'desc')
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    at: row.at.toISOString(),
    userCursor: row.user_cursor,
    holdUntil: iso(row.hold_until),
    vaultUntil: iso(row.lease_until),
  };
}

function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
