/** What laptops hand in when they have destroyed their keys. */
import { sql } from 'kysely';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/ids.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import { isWipedSigned, readWiped, type SignedWiped, type WipedAnswer } from '../../shared/sync/wiped.ts';
import { writeAudit } from '../audit/audit.ts';
import { findDevice } from '../auth/device.ts';
import type { Db } from '../db/connect.ts';
import { writing } from '../db/scope.ts';

export interface WipeContext {
  readonly db: Db;
  readonly crypto: SyncCrypto;
  nowMs(): number;
}

/**
 * Keeps what a laptop signed before it destroyed its keys. Asking again does nothing more.
 *
 * Throws `change.malformed`, `auth.device-unknown`, `auth.proof-invalid` (not signed by the device it names).
 */
export async function takeWiped(context: WipeContext, signed: SignedWiped): Promise<WipedAnswer> {
  const wiped = readWiped(signed.text);
  const { device } = wiped;
  const found = await findDevice(context.db, device);
  if (found === undefined) throw new TmaError('auth.device-unknown');
  if (!isWipedSigned(signed, found.public_key, context.crypto)) throw new TmaError('auth.proof-invalid');
  const { tenant_id: tenant, user_id: user } = found;
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, duty: 'devices', nowMs }, async (trx) => {
    const { rows } = await sql<{ device_id: DeviceId }>`
      insert into wipes (tenant_id, device_id, wiped_at, because, acknowledged_at, text, sig)
      values (${tenant}, ${device}, ${new Date(wiped.atMs)}, ${wiped.because}, ${new Date(nowMs)}, ${signed.text},
        ${signed.sig})
      on conflict (tenant_id, device_id) do update set wiped_at = excluded.wiped_at, because = excluded.because,
        acknowledged_at = excluded.acknowledged_at, text = excluded.text, sig = excluded.sig
        where wipes.acknowledged_at is null
      returning device_id`.execute(trx);
    if (rows.length === 0) return { outcome: 'known' };
    const { because: reason } = wiped;
    await writeAudit(trx, tenant, { type: 'device.wiped', atMs: nowMs, user, device, reason });
    return { outcome: 'kept' };
  });
}
