/**
 * Orders to wipe, and what laptops answer. An order stands from the moment a device is revoked; the device is told of it
 * by the refusal of its next request, seals and hands in what it had not sent, signs that it destroys its keys, destroys
 * them, and hands the signature in (`shared/sync/wiped.ts`). A laptop that wiped itself answers without an order.
 */
import { sql } from 'kysely';
import type { DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import type { VaultNotice } from '../../shared/sync/wire.ts';
import type { Db } from '../db/connect.ts';
import { type Trx, writing } from '../db/scope.ts';

/** As part of the transaction that revokes them. */
export async function orderWipes(
  trx: Trx,
  tenant: TenantId,
  { devices, at }: { readonly devices: readonly DeviceId[]; readonly at: Date },
): Promise<void> {
  await sql`
    insert into wipes (tenant_id, device_id, ordered_at)
    select ${tenant}::uuid, device, ${at}::timestamptz from unnest(${devices}::uuid[]) as device
    on conflict (tenant_id, device_id) do update set ordered_at = coalesce(wipes.ordered_at, excluded.ordered_at)
  `.execute(trx);
}

/** The device has been told, by a refusal that only it could ask for. */
export async function noteHeard(
  context: { readonly db: Db; nowMs(): number },
  { tenant, device }: { readonly tenant: TenantId; readonly device: DeviceId },
): Promise<void> {
  const nowMs = context.nowMs();
  await writing(context.db, { tenant, duty: 'devices', nowMs }, (trx) =>
    trx
      .updateTable('wipes')
      .set({ heard_at: new Date(nowMs) })
      .where('tenant_id', '=', tenant)
      .where('device_id', '=', device)
      .where('heard_at', 'is', null)
      .execute(),
  );
}

/**
 * The laptop was enrolled anew and says that the vault it had before was wiped: its old key could not sign that any
 * more. As part of a transaction of the duty `devices`; only about devices of the same person.
 */
export async function noteToldWipes(
  trx: Trx,
  {
    tenant,
    user,
    device: teller,
  }: { readonly tenant: TenantId; readonly user: UserId; readonly device: DeviceId },
  notices: readonly VaultNotice[],
): Promise<void> {
  for (const { type, atMs, device = teller } of notices) {
    if (type !== 'vault.wiped') continue;
    await sql`
      insert into wipes (tenant_id, device_id, wiped_at, told_by)
      select tenant_id, device_id, ${new Date(atMs)}, ${teller} from devices
      where tenant_id = ${tenant} and device_id = ${device} and user_id = ${user}
      on conflict (tenant_id, device_id) do update
        set wiped_at = coalesce(wipes.wiped_at, excluded.wiped_at), told_by = excluded.told_by`.execute(trx);
  }
}
