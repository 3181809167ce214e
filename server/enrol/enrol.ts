/** Makes a laptop a device of a person, against a one-time code, a sign-in with the organisation, or both. */
import { sql } from 'kysely';
import { fromBase64Url, toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import { type DeviceId, newId, type TenantId } from '../../shared/ids.ts';
import type { EnrolAnswer, EnrolCheckAnswer, EnrolRequest } from '../../shared/sync/enrolment.ts';
import { type Trx, writing } from '../db/scope.ts';
import { noteSignIn } from '../identity/signIns.ts';
import { codeHash } from './code.ts';
import {
  auditEnrolment,
  type EnrolContext,
  enrolAnswer,
  type Invited,
  insertDevice,
  newDevice,
  whom,
} from './device.ts';
import { enrolBySignIn, personOf, type SignedIn } from './signIn.ts';

/** Whom a code is for; it stays good. Throws `enrol.code-unknown`, `enrol.code-expired`, `enrol.code-used`. */
export function checkCode(context: EnrolContext, code: string): Promise<EnrolCheckAnswer> {
  return withCode(context, code, async (_trx, found) => {
    if (found.used_at !== null) throw new TmaError('enrol.code-used');
    refuseExpired(found, context.nowMs());
    return { ...whom(found), expiresAt: found.expires_at.toISOString() };
  });
}

/**
 * Uses a code up, where there is one, and makes the device. The same laptop may ask again after a lost answer and is
 * told the same. Throws `enrol.code-unknown`, `enrol.code-expired`, `enrol.code-used`, `enrol.already` when the
 * laptop's key is that of a device already, `auth.sign-in-required` when the organisation asks for a sign-in,
 * `auth.wrong-user` when code and sign-in are two persons', what a sign-in fails with, and `input.invalid`.
 */
export async function enrolDevice(context: EnrolContext, request: EnrolRequest): Promise<EnrolAnswer> {
  const key = fromBase64Url(request.deviceKey);
  if (key?.length !== 32) throw new TmaError('input.invalid');
  const signedIn = request.signIn === undefined ? undefined : await personOf(context, request.signIn);
  if (request.code !== undefined)
    return enrolByCode(context, request, { code: request.code, key, ...(signedIn && { signedIn }) });
  if (signedIn === undefined) throw new TmaError('input.invalid');
  return enrolBySignIn(context, request, { key, signedIn });
}

interface ByCode {
  readonly code: string;
  readonly key: Uint8Array;
  readonly signedIn?: SignedIn;
}

function enrolByCode(
  context: EnrolContext,
  request: EnrolRequest,
  { code, key, signedIn }: ByCode,
): Promise<EnrolAnswer> {
  return withCode(context, code, async (trx, found) => {
    if (found.used_at !== null) {
      if (
        found.device_id === null ||
        found.device_key === null ||
        toBase64Url(found.device_key) !== request.deviceKey
      ) {
        throw new TmaError('enrol.code-used');
      }
      return enrolAnswer(context, found, {
        id: found.device_id,
        label: found.device_label ?? request.label,
      });
    }
    refuseExpired(found, context.nowMs());
    refuseWithoutSignIn(found, signedIn);
    const nowMs = context.nowMs();
    const made = newDevice(request, { id: newId<DeviceId>(context.ids), key, nowMs });
    await insertDevice(trx, found, made);
    await useCode(trx, found, made);
    if (signedIn !== undefined) {
      await noteSignIn(trx, { tenant: found.tenant_id, device: made.id, signIn: signedIn.signIn });
    }
    await auditEnrolment(trx, found, made);
    return enrolAnswer(context, found, { id: made.id, label: request.label });
  });
}

/** With a sign-in as well, code and sign-in have to be the same person's. */
function refuseWithoutSignIn(found: FoundCode, signedIn: SignedIn | undefined): void {
  const enrolBy = found.settings.identity?.enrolBy ?? 'code';
  if (signedIn === undefined) {
    if (enrolBy === 'sign-in' || enrolBy === 'both') throw new TmaError('auth.sign-in-required');
    return;
  }
  if (signedIn.tenant_id !== found.tenant_id || signedIn.user_id !== found.user_id)
    throw new TmaError('auth.wrong-user', { expected: found.user_name, found: signedIn.signIn.shown });
}

interface FoundCode extends Invited {
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly code_hash: Buffer;
  readonly device_id: DeviceId | null;
  readonly device_key: Uint8Array | null;
  readonly device_label: string | null;
}

async function withCode<T>(
  { db, nowMs }: EnrolContext,
  code: string,
  work: (trx: Trx, found: FoundCode) => Promise<T>,
): Promise<T> {
  const hash = codeHash(code);
  const owner = await sql<{ tenant: TenantId | null }>`select tma.code_tenant(${hash}) as tenant`.execute(db);
  const tenant = owner.rows[0]?.tenant;
  if (tenant === undefined || tenant === null) throw new TmaError('enrol.code-unknown');
  return writing(db, { tenant, duty: 'devices', nowMs: nowMs() }, async (trx) => {
    const { rows } = await sql<FoundCode>`
      select c.tenant_id, t.name as tenant_name, t.settings, c.user_id, u.name as user_name, u.role, c.expires_at,
        c.used_at, c.code_hash, c.device_id, d.public_key as device_key, d.label as device_label
      from enrolment_codes c
      join tenants t on t.tenant_id = c.tenant_id
      join users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id and u.active
      left join devices d on d.tenant_id = c.tenant_id and d.device_id = c.device_id
      where c.tenant_id = ${tenant} and c.code_hash = ${hash} for update of c`.execute(trx);
    const found = rows[0];
    // The code of somebody whose account was closed is as good as unknown.
    if (found === undefined) throw new TmaError('enrol.code-unknown');
    return work(trx, found);
  });
}

async function useCode(
  trx: Trx,
  found: FoundCode,
  made: { readonly id: DeviceId; readonly nowMs: number },
): Promise<void> {
  await trx
    .updateTable('enrolment_codes')
    .set({ used_at: new Date(made.nowMs), device_id: made.id })
    .where('tenant_id', '=', found.tenant_id)
    .where('code_hash', '=', found.code_hash)
    .execute();
}

function refuseExpired(found: FoundCode, nowMs: number): void {
  if (found.expires_at.getTime() <= nowMs) throw new TmaError('enrol.code-expired');
}
