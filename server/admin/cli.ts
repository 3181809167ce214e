/**
 * Administration from the command line, with the settings of `environment.ts`:
 *
 *   node server/admin/cli.ts create-tenant --name "Muster AG"
 *   node server/admin/cli.ts set-policy --tenant ID [--idle-minutes 5] [--lease-hours 168 | none]
 *       [--hold-hours 120 | none] [--checkout-hours 168] [--server-share on | off]
 *   node server/admin/cli.ts set-escrow --tenant ID --key-id NAME --public-key KEY   (npm run escrow makes one)
 *   node server/admin/cli.ts create-user --tenant ID --name "Ada Weber" --role specialist
 *   node server/admin/cli.ts set-identity --tenant ID --settings JSON   (docs/operations.md says what is in it)
 *   node server/admin/cli.ts drop-identity --tenant ID
 *   node server/admin/cli.ts set-login --tenant ID --user ID [--login VALUE]   (without one: forgets it)
 *   node server/admin/cli.ts mint-code --tenant ID --user ID [--hours 72]
 *   node server/admin/cli.ts revoke-device --tenant ID --device ID
 *   node server/admin/cli.ts breach-report | list-wipes …   see `server/breach/commands.ts`
 *   node server/admin/cli.ts list-packets --tenant ID   edits that laptops sealed when access had ended
 *   node server/admin/cli.ts export-packet --tenant ID --packet ID   (npm run escrow opens it)
 *   node server/admin/cli.ts close-account | open-account --tenant ID --user ID
 *   node server/admin/cli.ts prepare-keys   (TMA_TENANT_KEY_ALIAS): the key that starting tasks try, once per stage
 *   node server/admin/cli.ts export-chain | export-audit | destroy-case …   see `server/integrity/commands.ts`
 *   node server/admin/cli.ts migrate        as `server/migrate.ts` does
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { orgRoleSchema } from '../../shared/domain/people.ts';
import { TmaError } from '../../shared/errors.ts';
import { deviceIdSchema, packetIdSchema, tenantIdSchema, userIdSchema } from '../../shared/ids.ts';
import { breachReportCommand, wipeText } from '../breach/commands.ts';
import { ConfigError } from '../config.ts';
import { prepareDatabaseFromEnvironment } from '../db/prepareFromEnvironment.ts';
import { configFromEnvironment } from '../environment.ts';
import { integrityCommands, runIntegrity } from '../integrity/commands.ts';
import { tenantIdentitySchema } from '../tenantSettings.ts';
import type { Admin, PacketLine } from './admin.ts';
import { openAdmin, openDatabase } from './openAdmin.ts';

type Values = Readonly<Record<string, string | undefined>>;
type Command = (admin: Admin, values: Values) => Promise<string>;

const tenant = tenantIdSchema;
const hoursOrNone = z.union([z.literal('none').transform(() => null), z.coerce.number().int()]);
const account = z.object({ tenant, user: userIdSchema });

const commands: Readonly<Record<string, Command>> = {
  'create-tenant': (admin, values) => admin.createTenant(z.object({ name: z.string().min(1) }).parse(values)),
  'set-policy': async (admin, values) => {
    const { tenant: of, ...wanted } = z
      .object({
        tenant,
        'idle-minutes': z.coerce.number().int().optional(),
        'lease-hours': hoursOrNone.optional(),
        'hold-hours': hoursOrNone.optional(),
        'checkout-hours': z.coerce.number().int().optional(),
        'server-share': z.enum(['on', 'off']).optional(),
      })
      .parse(values);
    const idle = wanted['idle-minutes'] === undefined ? {} : { idleLockMinutes: wanted['idle-minutes'] };
    const lease = wanted['lease-hours'] === undefined ? {} : { offlineLeaseHours: wanted['lease-hours'] };
    const hold = wanted['hold-hours'] === undefined ? {} : { holdHours: wanted['hold-hours'] };
    const out = wanted['checkout-hours'] === undefined ? {} : { checkoutHours: wanted['checkout-hours'] };
    const share =
      wanted['server-share'] === undefined ? {} : { serverShare: wanted['server-share'] === 'on' };
    await admin.changeSettings(of, { policy: { ...idle, ...lease, ...hold, ...out, ...share } });
    return 'changed';
  },
  'set-escrow': async (admin, values) => {
    const given = z.object({ tenant, 'key-id': z.string(), 'public-key': z.string() }).parse(values);
    await admin.changeSettings(given.tenant, {
      escrow: { keyId: given['key-id'], publicKey: given['public-key'] },
    });
    return 'changed; it holds for vaults made from now on';
  },
  'set-identity': async (admin, values) => {
    const given = z.object({ tenant, settings: z.string() }).parse(values);
    const identity = tenantIdentitySchema.parse(JSON.parse(given.settings));
    await admin.changeSettings(given.tenant, { identity });
    return 'changed; laptops hear of it at their next exchange';
  },
  'drop-identity': async (admin, values) => {
    await admin.changeSettings(z.object({ tenant }).parse(values).tenant, { identity: undefined });
    return 'changed; one-time codes alone are asked for';
  },
  'set-login': async (admin, values) => {
    const given = account.extend({ login: z.string().min(1).optional() }).parse(values);
    await admin.setLogin(given.tenant, given.user, given.login ?? null);
    return given.login === undefined ? 'forgotten' : 'changed';
  },
  'create-user': (admin, values) =>
    admin.createUser(z.object({ tenant, name: z.string().min(1), role: orgRoleSchema }).parse(values)),
  'mint-code': async (admin, values) => {
    const { hours, ...whom } = account
      .extend({ hours: z.coerce.number().positive().optional() })
      .parse(values);
    const life = hours === undefined ? {} : { lifeMs: hours * 3_600_000 };
    const { code, expiresAt } = await admin.mintCode({ ...whom, ...life });
    return `${code}   good until ${expiresAt}`;
  },
  'revoke-device': async (admin, values) => {
    const which = z.object({ tenant, device: deviceIdSchema }).parse(values);
    await admin.revokeDevice(which.tenant, which.device);
    return 'revoked';
  },
  'list-wipes': async (admin, values) => {
    const lines = await admin.wipes(z.object({ tenant }).parse(values).tenant);
    return lines.map(wipeText).join('\n') || 'none';
  },
  'list-packets': async (admin, values) => {
    const lines = await admin.packets(z.object({ tenant }).parse(values).tenant);
    return lines.map(packetText).join('\n') || 'none';
  },
  'export-packet': (admin, values) => {
    const which = z.object({ tenant, packet: packetIdSchema }).parse(values);
    return admin.packet(which.tenant, which.packet);
  },
  'close-account': (admin, values) => setActive(admin, values, false),
  'open-account': (admin, values) => setActive(admin, values, true),
};

function packetText(line: PacketLine): string {
  const { packet, case_number, case_id, user_name, device_label, reason, changes, key_id } = line;
  const since = line.oldest_at.toISOString();
  const received = line.received_at.toISOString();
  return [
    `${packet}  case ${case_number ?? case_id}  ${user_name}, ${device_label}`,
    `  ${changes} edits since ${since}, ${reason}, received ${received}, sealed to ${key_id}`,
  ].join('\n');
}

async function setActive(admin: Admin, values: Values, active: boolean): Promise<string> {
  const whom = account.parse(values);
  await admin.setActive(whom.tenant, whom.user, active);
  return active ? 'open' : 'closed';
}

async function run(args: readonly string[]): Promise<string> {
  const option = { type: 'string' } as const;
  const options = { name: option, tenant: option, user: option, role: option, device: option, hours: option };
  const more = {
    'idle-minutes': option,
    'lease-hours': option,
    'server-share': option,
    'key-id': option,
    'public-key': option,
    settings: option,
    login: option,
    case: option,
    by: option,
    reason: option,
    reference: option,
    packet: option,
    language: option,
    format: option,
    'hold-hours': option,
    'checkout-hours': option,
  };
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...options, ...more },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  if (name === 'migrate') return prepareDatabaseFromEnvironment(process.env);
  if (name === 'prepare-keys') return prepareKeys();
  const evidence = Object.hasOwn(integrityCommands, name) ? integrityCommands[name] : undefined;
  if (evidence !== undefined) return runIntegrity(evidence, await configFromEnvironment(process.env), values);
  if (name === 'breach-report') return reportBreach(values);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw new ConfigError(
      `Commands: migrate, prepare-keys, breach-report, ${[...Object.keys(commands), ...Object.keys(integrityCommands)].join(', ')}`,
    );
  const { admin, close } = await openAdmin(await configFromEnvironment(process.env));
  try {
    return await command(admin, values);
  } finally {
    await close();
  }
}

async function reportBreach(values: Values): Promise<string> {
  const db = await openDatabase(await configFromEnvironment(process.env));
  try {
    return await breachReportCommand({ db, nowMs: () => Date.now() }, values);
  } finally {
    await db.destroy();
  }
}

async function prepareKeys(): Promise<string> {
  const { kms } = await configFromEnvironment(process.env);
  if (kms === undefined) throw new ConfigError('TMA_TENANT_KEY_ALIAS is missing.');
  const { kmsKeys } = await import('../keys/kmsKeys.ts');
  const keys = kmsKeys(kms);
  await keys.prepare();
  await keys.check();
  keys.close();
  return `${kms.aliasPrefix}probe is there and can be used`;
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  process.exitCode = 1;
  if (error instanceof z.ZodError) process.stderr.write(`${z.prettifyError(error)}\n`);
  else if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else if (error instanceof TmaError) process.stderr.write(`${error.code}\n`);
  else throw error;
}
