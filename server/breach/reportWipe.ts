/** How it stands with the order to wipe a laptop; and all such orders, for whoever watches over them. */
import { sql } from 'kysely';
import type { DeviceId, TenantId } from '../../shared/ids.ts';
import { readWiped } from '../../shared/sync/wiped.ts';
import type { Trx } from '../db/scope.ts';
import type { WipeOfReport } from './report.types.ts';

/** The one that says most, where the laptop had several ids. */
export async function readWipe(
  trx: Trx,
  tenant: TenantId,
  devices: readonly DeviceId[],
): Promise<WipeOfReport | null> {
  const row = await trx
    .selectFrom('wipes')
    .selectAll()
    .where('tenant_id', '=', tenant)
    .where('device_id', 'in', [...devices])
    .orderBy((of) => of('acknowledged_at', 'is not', null), 'desc')
    .orderBy((of) => of('told_by', 'is not', null), 'desc')
    .orderBy((of) => of('heard_at', 'is not', null), 'desc')
    .orderBy('ordered_at')
    .executeTakeFirst();
  if (row === undefined) return null;
  const { text, sig } = row;
  const said = text === null ? null : readWiped(text);
  return {
    orderedAt: iso(row.ordered_at),
    heardAt: iso(row.heard_at),
    wipedAt: iso(row.wiped_at),
    because: row.because,
    acknowledgedAt: iso(row.acknowledged_at),
    cases: said?.cases ?? null,
    lost: said?.lost ?? null,
    signed: text === null || sig === null ? null : { text, sig },
    toldBy: row.told_by,
  };
}

export interface WipeLine {
  readonly device: DeviceId;
  readonly label: string;
  readonly user: string;
  readonly ordered_at: Date | null;
  readonly heard_at: Date | null;
  readonly wiped_at: Date | null;
  readonly acknowledged_at: Date | null;
  readonly told_by: DeviceId | null;
  /** When the laptop was last here. */
  readonly contact_at: Date | null;
  /** Until when its vault opens without the service. */
  readonly vault_until: Date | null;
}

/** Outstanding ones first, the oldest at the top. */
export async function wipeLines(trx: Trx, tenant: TenantId): Promise<readonly WipeLine[]> {
  const { rows } = await sql<WipeLine>`
    select w.device_id as device, d.label, u.name as user, w.ordered_at, w.heard_at, w.wiped_at, w.acknowledged_at,
      w.told_by, c.at as contact_at, c.lease_until as vault_until
    from wipes w
    join devices d on d.tenant_id = w.tenant_id and d.device_id = w.device_id
    join users u on u.tenant_id = d.tenant_id and u.user_id = d.user_id
    left join device_contacts c on c.tenant_id = w.tenant_id and c.device_id = w.device_id
    where w.tenant_id = ${tenant}
    order by w.acknowledged_at is null and w.told_by is null desc, w.ordered_at, w.device_id`.execute(trx);
  return rows;
}

function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
