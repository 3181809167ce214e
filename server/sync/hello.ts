import type { z } from 'zod';
import { toBase64Url } from '../../shared/bytes.ts';
import { schemaVersion } from '../../shared/domain/kinds.ts';
import {
  type Directory,
  type HelloAnswer,
  type helloRequestSchema,
  protocolVersion,
} from '../../shared/sync/wire.ts';
import { writeAudit } from '../audit/audit.ts';
import type { ServiceConfig } from '../config.ts';
import { type Trx, writing } from '../db/scope.ts';
import { noteContact } from '../leases/contacts.ts';
import { renewLeases } from '../leases/leases.ts';
import { policyOf, providerOf } from '../tenantSettings.ts';
import { noteToldWipes } from '../wipe/orders.ts';
import type { Submitter, SyncContext } from './context.ts';
import { lostCases } from './pullStore.ts';
import { endMemberships } from './refreshTeam.ts';

export type HelloAsked = z.output<typeof helloRequestSchema>;

/** What a laptop needs to know before anything else, and what the service notes about its program. */
export async function hello(
  context: SyncContext,
  defaults: ServiceConfig['tenantDefaults'],
  { asker, request }: { readonly asker: Submitter; readonly request: HelloAsked },
): Promise<HelloAnswer> {
  const { tenant, user } = asker;
  if (request.userCursor !== undefined) await endMemberships(context, asker);
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, user, duty: 'devices', nowMs }, async (trx) => {
    await trx
      .updateTable('devices')
      .set({ program: request.program, schema_version: request.schema })
      .where('tenant_id', '=', tenant)
      .where('device_id', '=', asker.device)
      .where((where) =>
        where.or([
          where('program', '<>', request.program),
          where('schema_version', 'is distinct from', request.schema),
        ]),
      )
      .execute();
    const { settings } = await trx
      .selectFrom('tenants')
      .select('settings')
      .where('tenant_id', '=', tenant)
      .executeTakeFirstOrThrow();
    const { notices = [] } = request;
    await noteToldWipes(trx, asker, notices);
    const policy = policyOf(settings);
    const renewed = await renewLeases(trx, asker, { nowMs, hours: policy.checkoutHours });
    const checkedOutUntilMs = Math.max(0, ...renewed.leases.map(({ untilMs }) => untilMs));
    const { userCursor } = request;
    await noteContact(trx, asker, { atMs: nowMs, userCursor, policy, checkedOutUntilMs });
    const told = notices.map(({ type, atMs, device = asker.device }) => ({ type, atMs, user, device }));
    const answer = {
      serverTimeMs: nowMs,
      epoch: context.epoch,
      protocol: { min: protocolVersion, max: protocolVersion },
      schema: { min: 1, max: schemaVersion },
      directory: await readDirectory(trx, asker),
      ...(request.userCursor === undefined ? {} : { lost: await lostCases(trx, asker, request.userCursor) }),
      emergency: settings.emergency ?? defaults.emergency,
      policy,
      leases: renewed.leases,
      ...(settings.escrow === undefined ? {} : { escrow: settings.escrow }),
      ...(settings.pins === undefined ? {} : { pins: settings.pins }),
      ...providerOf(settings),
    };
    // The log of a tenant stays locked from here to the commit.
    await writeAudit(trx, tenant, ...told, ...renewed.told);
    return answer;
  });
}

/** Everyone a case may name, and every device whose signature a log may hold, revoked ones among them. */
async function readDirectory(trx: Trx, { tenant }: Submitter): Promise<Directory> {
  const users = await trx
    .selectFrom('users')
    .select(['user_id as id', 'name', 'role', 'active'])
    .where('tenant_id', '=', tenant)
    .orderBy('user_id')
    .execute();
  const devices = await trx
    .selectFrom('devices')
    .select(['device_id as id', 'user_id as user', 'label', 'public_key'])
    .where('tenant_id', '=', tenant)
    .orderBy('device_id')
    .execute();
  return {
    users,
    devices: devices.map(({ public_key, ...device }) => ({ ...device, key: toBase64Url(public_key) })),
  };
}
