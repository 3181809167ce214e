/** Makes a laptop a device of a person, against a one-time code. */
import { sql } from 'kysely';
import type { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import { type DeviceId, type IdSource, newId, type TenantId } from '../../shared/ids.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import type { EnrolAnswer, enrolCheckAnswerSchema, enrolRequestSchema } from '../../shared/sync/wire.ts';
import { writeAudit } from '../audit/audit.ts';
import type { ServiceConfig } from '../config.ts';
import type { Db } from '../db/connect.ts';
import { type Trx, writing } from '../db/scope.ts';
import { policyOf, type TenantSettings } from '../tenantSettings.ts';
import { codeHash } from './code.ts';

export interface EnrolContext {
  readonly db: Db;
  readonly ids: IdSource;
  readonly signer: Signer;
  readonly defaults: ServiceConfig['tenantDefaults'];
  nowMs(): number;
}

export type EnrolRequest = z.output<typeof enrolRequestSchema>;
export type EnrolCheckAnswer = z.output<typeof enrolCheckAnswerSchema>;

/** Whom a code is for; it stays good. Throws `enrol.code-unknown`, `enrol.code-expired`, `enrol.code-used`. */
export function checkCode(context: EnrolContext, code: string): Promise<EnrolCheckAnswer> {
  return withCode(context, code, async (_trx, found) => {
    if (found.used_at !== null) throw new TmaError('enrol.code-used');
    refuseExpired(found, context.nowMs());
    return { ...whom(found), expiresAt: found.expires_at.toISOString() };
  });
}

/**
 * Uses a code up and makes the device. The same laptop may ask again after a lost answer and is told the same.
 * Throws `enrol.code-unknown`, `enrol.code-expired`, `enrol.code-used`, `enrol.already` when the laptop's key
 * is that of a device already, and `input.invalid` for a key that is none.
 */
export function enrolDevice(context: EnrolContext, request: EnrolRequest): Promise<EnrolAnswer> {
  const key = fromBase64Url(request.deviceKey);
  if (key?.length !== 32) throw new TmaError('input.invalid');
  return withCode(context, request.code, async (trx, found) => {
    if (found.used_at !== null) {
      if (
        found.device_id === null ||
        found.device_key === null ||
        toBase64Url(found.device_key) !== request.deviceKey
      ) {
        throw new TmaError('enrol.code-used');
      }
      return answer(context, found, { id: found.device_id, label: found.device_label ?? request.label });
    }
    refuseExpired(found, context.nowMs());
    const id = newId<DeviceId>(context.ids);
    await insertDevice(trx, { ...request, id, key, found, nowMs: context.nowMs() });
    return answer(context, found, { id, label: request.label });
  });
}

interface FoundCode {
  readonly tenant_id: TenantId;
  readonly tenant_name: string;
  readonly settings: TenantSettings;
  readonly user_id: EnrolAnswer['user']['id'];
  readonly user_name: string;
  readonly role: EnrolAnswer['user']['role'];
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

interface NewDevice extends EnrolRequest {
  readonly id: DeviceId;
  readonly key: Uint8Array;
  readonly found: FoundCode;
  readonly nowMs: number;
}

async function insertDevice(trx: Trx, made: NewDevice): Promise<void> {
  const { found, id } = made;
  const at = new Date(made.nowMs);
  const added = await trx
    .insertInto('devices')
    .values({
      tenant_id: found.tenant_id,
      device_id: id,
      user_id: found.user_id,
      label: made.label,
      public_key: Buffer.from(made.key),
      program: made.program,
      enrolled_at: at,
    })
    .onConflict((conflict) => conflict.column('public_key').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) throw new TmaError('enrol.already');
  await trx
    .updateTable('enrolment_codes')
    .set({ used_at: at, device_id: id })
    .where('tenant_id', '=', found.tenant_id)
    .where('code_hash', '=', found.code_hash)
    .execute();
  const entry = { type: 'device.enrolled', atMs: made.nowMs, device: id, about: found.user_id } as const;
  await writeAudit(trx, found.tenant_id, entry);
}

function refuseExpired(found: FoundCode, nowMs: number): void {
  if (found.expires_at.getTime() <= nowMs) throw new TmaError('enrol.code-expired');
}

function whom(found: FoundCode): Omit<EnrolCheckAnswer, 'expiresAt'> {
  return {
    tenant: { id: found.tenant_id, name: found.tenant_name },
    user: { id: found.user_id, name: found.user_name, role: found.role },
    ...(found.settings.escrow === undefined ? {} : { escrow: found.settings.escrow }),
  };
}

function answer(context: EnrolContext, found: FoundCode, device: EnrolAnswer['device']): EnrolAnswer {
  return {
    ...whom(found),
    device,
    serviceKey: toBase64Url(context.signer.publicKey),
    emergency: found.settings.emergency ?? context.defaults.emergency,
    policy: policyOf(found.settings),
  };
}
