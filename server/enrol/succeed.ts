/**
 * A laptop whose vault was set back or copied gets a new device id, so that nothing it holds has to wait for a person:
 * its old chain has ended, or was continued by another copy. The old key proves it, and the new device may do what the
 * old one might: no more, and not longer, for withdrawing a device withdraws those that followed it. The old id is kept
 * apart from then on. Every copy may do this, a few times; then only a new code helps.
 */
import { sql } from 'kysely';
import { fromBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import { type DeviceId, newId } from '../../shared/ids.ts';
import type { SucceedAnswer, SucceedRequest } from '../../shared/sync/wire.ts';
import { writeAudit } from '../audit/audit.ts';
import { type Trx, writing } from '../db/scope.ts';
import { moveLeases } from '../leases/leases.ts';
import { handShareOn } from '../share/shares.ts';
import type { Submitter } from '../sync/context.ts';
import type { EnrolContext } from './device.ts';

/** More copies of one laptop than this are nobody's accident. */
const mostSuccessors = 8;

/**
 * Asked again with the same key it answers with the same device. Throws `input.invalid` for a key that is none,
 * `enrol.already` for one that is another device's, `access.denied` beyond {@link mostSuccessors}.
 */
export function succeedDevice(
  context: Pick<EnrolContext, 'db' | 'ids' | 'nowMs'>,
  asker: Submitter,
  request: SucceedRequest,
): Promise<SucceedAnswer> {
  const key = fromBase64Url(request.deviceKey);
  if (key?.length !== 32) throw new TmaError('input.invalid');
  const { tenant, user } = asker;
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, user, duty: 'devices', nowMs }, async (trx) => {
    const old = await lockDevice(trx, asker, nowMs);
    const taken = await takenOf(trx, asker, request);
    const known = await successorWith(trx, asker, key);
    if (known !== undefined) return { device: known, taken };
    const device = { id: newId<DeviceId>(context.ids), label: old.label };
    const { program, unlockKey } = request;
    await insertSuccessor(trx, asker, { ...device, key, program, nowMs });
    await moveLeases(trx, asker, device.id);
    if (unlockKey !== undefined) await handShareOn(trx, asker, { unlockKey, to: device.id });
    await writeAudit(trx, tenant, {
      type: 'device.succeeded',
      atMs: nowMs,
      user,
      device: asker.device,
      successor: device.id,
    });
    return { device, taken };
  });
}

/** Keeps the old id apart: what `takenOf` finds is all that there will ever be of its chains. */
async function lockDevice(
  trx: Trx,
  { tenant, device }: Submitter,
  nowMs: number,
): Promise<{ label: string }> {
  return trx
    .updateTable('devices')
    .set({ quarantined_at: sql<Date>`coalesce(quarantined_at, ${new Date(nowMs)})` })
    .where('tenant_id', '=', tenant)
    .where('device_id', '=', device)
    .returning('label')
    .executeTakeFirstOrThrow();
}

async function takenOf(
  trx: Trx,
  { device }: Submitter,
  { waiting }: SucceedRequest,
): Promise<readonly boolean[]> {
  const { rows } = await sql<{ taken: boolean[] | null }>`
    select tma.has_changes(${device}, ${waiting.map((one) => one.case)}::uuid[],
      ${waiting.map(({ n }) => n)}::int[],
      ${waiting.map(({ hash }) => Buffer.from(hash, 'base64url'))}::bytea[]) as taken`.execute(trx);
  return rows[0]?.taken ?? [];
}

async function successorWith(trx: Trx, { tenant, device }: Submitter, key: Uint8Array) {
  const followers = await trx
    .selectFrom('devices')
    .select(['device_id as id', 'label', 'public_key'])
    .where('tenant_id', '=', tenant)
    .where('predecessor', '=', device)
    .execute();
  const same = followers.find(({ public_key }) => Buffer.from(key).equals(Buffer.from(public_key)));
  if (same !== undefined) return { id: same.id, label: same.label };
  if (followers.length >= mostSuccessors) throw new TmaError('access.denied');
  return undefined;
}

interface Successor {
  readonly id: DeviceId;
  readonly label: string;
  readonly key: Uint8Array;
  readonly program: string;
  readonly nowMs: number;
}

async function insertSuccessor(
  trx: Trx,
  { tenant, user, device }: Submitter,
  made: Successor,
): Promise<void> {
  const added = await trx
    .insertInto('devices')
    .values({
      tenant_id: tenant,
      device_id: made.id,
      user_id: user,
      label: made.label,
      public_key: Buffer.from(made.key),
      program: made.program,
      enrolled_at: new Date(made.nowMs),
      predecessor: device,
    })
    .onConflict((conflict) => conflict.column('public_key').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) throw new TmaError('enrol.already');
}
