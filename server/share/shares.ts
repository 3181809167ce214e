/**
 * The service's shares of vault keys. A laptop makes its share while its vault is open and deposits it; it is kept
 * under the tenant's key, bound to the laptop's unlock key, and given back to that key for as long as the device is
 * one of the organisation's. Deposited again after a restore of the service, it is the same one as before.
 */
import { sql } from 'kysely';
import { concat, fromBase64Url, toBase64Url, utf8, uuidBytes } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId, TenantId } from '../../shared/ids.ts';
import type { DepositRequest, ReleaseAnswer, ReleaseRequest } from '../../shared/sync/unlock.ts';
import { writeAudit } from '../audit/audit.ts';
import { type Trx, writing } from '../db/scope.ts';
import { type IdentityContext, requireRecentSignIn, takeSignIn } from '../identity/required.ts';
import type { KeyService } from '../keys/keyService.ts';
import type { Submitter } from '../sync/context.ts';
import { policyOf } from '../tenantSettings.ts';
import type { UnlockAsking } from './unlockProof.ts';

export interface ShareContext extends IdentityContext {
  readonly keys: Pick<KeyService, 'wrap' | 'unwrap'>;
}

/** A laptop that lost its keystore has a new unlock key; one that keeps making them is not ours. */
const mostKeys = 8;

/**
 * Keeps a share, in place of what was kept under the same unlock key. Throws `input.invalid` for a key or share that is
 * none, `access.denied` for the unlock key of another laptop, or for one key too many.
 */
export async function depositShare(
  context: ShareContext,
  asker: Submitter,
  request: DepositRequest,
): Promise<Record<string, never>> {
  const unlockKey = fromBase64Url(request.unlockKey);
  const share = fromBase64Url(request.share);
  if (unlockKey?.length !== 32 || share?.length !== 32) throw new TmaError('input.invalid');
  const { tenant, user, device } = asker;
  const wrapped = await context.keys.wrap(tenant, share, placeOf(tenant, unlockKey));
  share.fill(0);
  const nowMs = context.nowMs();
  await writing(context.db, { tenant, user, duty: 'devices', nowMs }, async (trx) => {
    await keep(trx, asker, { unlockKey, wrapped, at: new Date(nowMs) });
    await writeAudit(trx, tenant, { type: 'share.deposited', atMs: nowMs, user, device });
  });
  return {};
}

interface Kept {
  readonly unlockKey: Uint8Array;
  readonly wrapped: Uint8Array;
  readonly at: Date;
}

async function keep(trx: Trx, { tenant, device }: Submitter, kept: Kept): Promise<void> {
  const unlock_key = Buffer.from(kept.unlockKey);
  const values = { device_id: device, wrapped_share: Buffer.from(kept.wrapped), deposited_at: kept.at };
  const changed = await trx
    .updateTable('vault_shares')
    .set(values)
    .where('tenant_id', '=', tenant)
    .where('unlock_key', '=', unlock_key)
    .where('device_id', 'in', itselfBefore(tenant, device))
    .executeTakeFirst();
  if (changed.numUpdatedRows === 1n) return;
  if ((await keysOf(trx, tenant, device)) >= mostKeys) throw new TmaError('access.denied');
  const added = await trx
    .insertInto('vault_shares')
    .values({ tenant_id: tenant, unlock_key, ...values })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) throw new TmaError('access.denied');
}

/** A laptop, and the device it was before it took a new id. */
function itselfBefore(tenant: TenantId, device: DeviceId) {
  return sql<DeviceId>`(
    select unnest(array[device_id, predecessor]) from devices where tenant_id = ${tenant} and device_id = ${device})`;
}

async function keysOf(trx: Trx, tenant: TenantId, device: DeviceId): Promise<number> {
  const { count } = await trx
    .selectFrom('vault_shares')
    .select((of) => of.fn.countAll<string>().as('count'))
    .where('tenant_id', '=', tenant)
    .where('device_id', '=', device)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** A laptop that goes on under a new device id keeps its share: its key slot was made with it. */
export async function handShareOn(
  trx: Trx,
  { tenant, device }: Submitter,
  { unlockKey, to }: { readonly unlockKey: string; readonly to: DeviceId },
): Promise<void> {
  await trx
    .updateTable('vault_shares')
    .set({ device_id: to })
    .where('tenant_id', '=', tenant)
    .where('unlock_key', '=', Buffer.from(unlockKey, 'base64url'))
    .where('device_id', '=', device)
    .execute();
}

/**
 * Gives a share out. Throws `auth.sign-in-required` where the organisation asks for a newer sign-in than there is,
 * what a sign-in fails with, and `not-found` when the share is gone.
 */
export async function releaseShare(
  context: ShareContext,
  asking: UnlockAsking,
  { signIn }: ReleaseRequest,
): Promise<ReleaseAnswer> {
  if (signIn === undefined) requireRecentSignIn(context, asking);
  else await takeSignIn(context, asking, signIn);
  const { tenant, user, device, unlockKey } = asking;
  const nowMs = context.nowMs();
  const { wrapped, wanted } = await writing(
    context.db,
    { tenant, user, duty: 'devices', nowMs },
    async (trx) => {
      const row = await trx
        .selectFrom('vault_shares')
        .innerJoin('tenants', 'tenants.tenant_id', 'vault_shares.tenant_id')
        .select(['wrapped_share', 'settings'])
        .where('vault_shares.tenant_id', '=', tenant)
        .where('unlock_key', '=', Buffer.from(unlockKey))
        .executeTakeFirst();
      if (row === undefined) throw new TmaError('not-found');
      await writeAudit(trx, tenant, { type: 'share.released', atMs: nowMs, user, device });
      return { wrapped: row.wrapped_share, wanted: policyOf(row.settings).serverShare === true };
    },
  );
  const share = await context.keys.unwrap(tenant, wrapped, placeOf(tenant, unlockKey));
  return { share: toBase64Url(share), wanted, serverTimeMs: nowMs };
}

function placeOf(tenant: TenantId, unlockKey: Uint8Array): Uint8Array {
  return concat(utf8('tma/vault-share/1'), uuidBytes(tenant), unlockKey);
}
