/** What enrolment comes to, whichever way it went: a device of a person, and what its laptop is told. */
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId, IdSource, TenantId } from '../../shared/ids.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import type { EnrolAnswer, EnrolCheckAnswer, EnrolRequest } from '../../shared/sync/enrolment.ts';
import { writeAudit } from '../audit/audit.ts';
import type { ServiceConfig } from '../config.ts';
import type { Db } from '../db/connect.ts';
import type { Trx } from '../db/scope.ts';
import type { Verifier } from '../identity/verifier.ts';
import { policyOf, providerOf, type TenantSettings } from '../tenantSettings.ts';

export interface EnrolContext {
  readonly db: Db;
  readonly ids: IdSource;
  readonly signer: Signer;
  readonly defaults: ServiceConfig['tenantDefaults'];
  readonly verifier: Verifier;
  nowMs(): number;
}

/** Who was found to be setting a laptop up. */
export interface Invited {
  readonly tenant_id: TenantId;
  readonly tenant_name: string;
  readonly settings: TenantSettings;
  readonly user_id: EnrolAnswer['user']['id'];
  readonly user_name: string;
  readonly role: EnrolAnswer['user']['role'];
}

export interface NewDevice {
  readonly id: DeviceId;
  readonly key: Uint8Array;
  readonly label: string;
  readonly program: string;
  readonly nowMs: number;
}

/** @throws TmaError `enrol.already` when the laptop's key is that of a device already. */
export async function insertDevice(trx: Trx, invited: Invited, made: NewDevice): Promise<void> {
  const added = await trx
    .insertInto('devices')
    .values({
      tenant_id: invited.tenant_id,
      device_id: made.id,
      user_id: invited.user_id,
      label: made.label,
      public_key: Buffer.from(made.key),
      program: made.program,
      enrolled_at: new Date(made.nowMs),
    })
    .onConflict((conflict) => conflict.column('public_key').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) throw new TmaError('enrol.already');
}

/** Call it last: the log of a tenant stays locked until the commit. */
export function auditEnrolment(trx: Trx, invited: Invited, made: NewDevice): Promise<void> {
  const entry = {
    type: 'device.enrolled',
    atMs: made.nowMs,
    device: made.id,
    about: invited.user_id,
  } as const;
  return writeAudit(trx, invited.tenant_id, entry);
}

export function newDevice(request: EnrolRequest, made: Pick<NewDevice, 'id' | 'key' | 'nowMs'>): NewDevice {
  return { ...made, label: request.label, program: request.program };
}

export function whom(found: Invited): Omit<EnrolCheckAnswer, 'expiresAt'> {
  return {
    tenant: { id: found.tenant_id, name: found.tenant_name },
    user: { id: found.user_id, name: found.user_name, role: found.role },
    ...(found.settings.escrow === undefined ? {} : { escrow: found.settings.escrow }),
    ...providerOf(found.settings),
  };
}

export function enrolAnswer(
  context: EnrolContext,
  found: Invited,
  device: EnrolAnswer['device'],
): EnrolAnswer {
  return {
    ...whom(found),
    device,
    serviceKey: toBase64Url(context.signer.publicKey),
    emergency: found.settings.emergency ?? context.defaults.emergency,
    policy: policyOf(found.settings),
  };
}
