/** Whom a login is, and which sign-ins were taken. */
import type { OrgRole } from '../../shared/domain/people.ts';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import type { Trx } from '../db/scope.ts';
import type { CheckedSignIn } from './verifier.ts';

export interface FoundPerson {
  readonly user_id: UserId;
  readonly name: string;
  readonly role: OrgRole;
  readonly active: boolean;
}

export function findByLogin(trx: Trx, tenant: TenantId, login: string): Promise<FoundPerson | undefined> {
  return trx
    .selectFrom('logins')
    .innerJoin('users', (join) =>
      join.onRef('users.tenant_id', '=', 'logins.tenant_id').onRef('users.user_id', '=', 'logins.user_id'),
    )
    .select(['users.user_id', 'users.name', 'users.role', 'users.active'])
    .where('logins.tenant_id', '=', tenant)
    .where('logins.login', '=', login)
    .executeTakeFirst();
}

interface TakenSignIn {
  readonly tenant: TenantId;
  readonly device: DeviceId;
  readonly signIn: CheckedSignIn;
}

/** Takes a sign-in for a device; again for the same one is no error. Throws `auth.sign-in-used`. */
export async function noteSignIn(trx: Trx, { tenant, device, signIn }: TakenSignIn): Promise<void> {
  const nonce = Buffer.from(signIn.nonce);
  const added = await trx
    .insertInto('sign_ins')
    .values({
      tenant_id: tenant,
      nonce,
      device_id: device,
      signed_in_at: new Date(signIn.authTimeMs),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'nonce']).doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 1n) return;
  const known = await trx
    .selectFrom('sign_ins')
    .select('device_id')
    .where('tenant_id', '=', tenant)
    .where('nonce', '=', nonce)
    .executeTakeFirst();
  if (known?.device_id !== device) throw new TmaError('auth.sign-in-used');
}
