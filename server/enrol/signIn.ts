/** Enrolment by a sign-in with the organisation's identity provider (S02). */
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import { type DeviceId, newId, type TenantId } from '../../shared/ids.ts';
import type { EnrolAnswer, EnrolCheckAnswer, EnrolRequest } from '../../shared/sync/enrolment.ts';
import { type EnrolSignIn, freshSignInMs, type OrganisationAnswer } from '../../shared/sync/identity.ts';
import { reading, type Trx, writing } from '../db/scope.ts';
import { findByLogin, noteSignIn } from '../identity/signIns.ts';
import type { CheckedSignIn } from '../identity/verifier.ts';
import { providerOf } from '../tenantSettings.ts';
import {
  auditEnrolment,
  type EnrolContext,
  enrolAnswer,
  type Invited,
  insertDevice,
  newDevice,
  whom,
} from './device.ts';

export interface SignedIn extends Invited {
  readonly signIn: CheckedSignIn;
}

/** Where an organisation signs in; anybody may ask who knows its id. Throws `not-found`. */
export async function describeOrganisation(
  context: EnrolContext,
  tenant: TenantId,
): Promise<OrganisationAnswer> {
  const { name, settings } = await organisation(context, tenant);
  return { tenant: { id: tenant, name }, ...providerOf(settings), serverTimeMs: context.nowMs() };
}

/**
 * Who signed in. Throws what the verifier does, `auth.provider-missing`, and `auth.user-unknown` {found} for somebody
 * the service does not know or whose account it closed.
 */
export async function personOf(context: EnrolContext, request: EnrolSignIn): Promise<SignedIn> {
  const { tenant } = request;
  const { name, settings } = await organisation(context, tenant);
  if (settings.identity === undefined) throw new TmaError('auth.provider-missing');
  const signIn = await context.verifier.signIn(settings.identity, request);
  const scope = { tenant, duty: 'devices', nowMs: context.nowMs() } as const;
  const person = await reading(context.db, scope, (trx) => findByLogin(trx, tenant, signIn.login));
  if (person?.active !== true) throw new TmaError('auth.user-unknown', { found: signIn.shown });
  const { user_id, name: user_name, role } = person;
  return { tenant_id: tenant, tenant_name: name, settings, user_id, user_name, role, signIn };
}

/** Whom a sign-in is, before a laptop is made theirs by it. Throws as {@link personOf}. */
export async function checkSignIn(context: EnrolContext, request: EnrolSignIn): Promise<EnrolCheckAnswer> {
  const found = await personOf(context, request);
  const endMs = found.signIn.authTimeMs + freshSignInMs;
  return { ...whom(found), expiresAt: new Date(endMs).toISOString() };
}

/** Throws `enrol.already`, `auth.sign-in-used`, and `auth.provider-missing` where a code is needed as well. */
export function enrolBySignIn(
  context: EnrolContext,
  request: EnrolRequest,
  { key, signedIn }: { readonly key: Uint8Array; readonly signedIn: SignedIn },
): Promise<EnrolAnswer> {
  const enrolBy = signedIn.settings.identity?.enrolBy;
  if (enrolBy !== 'sign-in' && enrolBy !== 'either') throw new TmaError('auth.provider-missing');
  const nowMs = context.nowMs();
  const tenant = signedIn.tenant_id;
  return writing(context.db, { tenant, duty: 'devices', nowMs }, async (trx) => {
    const known = await knownDevice(trx, signedIn, key);
    if (known !== undefined) return enrolAnswer(context, signedIn, known);
    const made = newDevice(request, { id: newId<DeviceId>(context.ids), key, nowMs });
    await insertDevice(trx, signedIn, made);
    await noteSignIn(trx, { tenant, device: made.id, signIn: signedIn.signIn });
    await auditEnrolment(trx, signedIn, made);
    return enrolAnswer(context, signedIn, { id: made.id, label: made.label });
  });
}

/** The laptop's own device, when only the answer was lost. */
async function knownDevice(
  trx: Trx,
  { tenant_id, user_id }: Invited,
  key: Uint8Array,
): Promise<EnrolAnswer['device'] | undefined> {
  const found = await trx
    .selectFrom('devices')
    .select(['device_id as id', 'label', 'public_key'])
    .where('tenant_id', '=', tenant_id)
    .where('user_id', '=', user_id)
    .where('public_key', '=', Buffer.from(key))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (found === undefined || toBase64Url(found.public_key) !== toBase64Url(key)) return undefined;
  return { id: found.id, label: found.label };
}

async function organisation(context: EnrolContext, tenant: TenantId) {
  const scope = { tenant, duty: 'devices', nowMs: context.nowMs() } as const;
  const found = await reading(context.db, scope, (trx) =>
    trx.selectFrom('tenants').select(['name', 'settings']).where('tenant_id', '=', tenant).executeTakeFirst(),
  );
  if (found === undefined) throw new TmaError('not-found');
  return found;
}
