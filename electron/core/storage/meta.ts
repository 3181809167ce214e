/** Single facts kept in the vault, each with the schema it is written and read through. */
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { orgRoleSchema } from '../../../shared/domain/people.ts';
import { errorCodeSchema } from '../../../shared/errors.ts';
import { caseIdSchema, deviceIdSchema, tenantIdSchema, userIdSchema } from '../../../shared/ids.ts';
import { stampSchema } from '../../../shared/sync/clock.ts';
import { escrowKeySchema } from '../../../shared/sync/enrolment.ts';
import { publicKeySchema } from '../../../shared/sync/parts.ts';
import { signedPinSetSchema } from '../../../shared/sync/pins.ts';
import type { VaultTables } from './tables.ts';

/** Whose vault this is; written when the one-time code was redeemed. */
export const ownerSchema = z.object({
  deviceId: deviceIdSchema,
  deviceLabel: z.string(),
  userId: userIdSchema,
  userName: z.string(),
  userRole: orgRoleSchema,
  tenantId: tenantIdSchema,
  tenantName: z.string(),
  /** Verifies the heads of case logs. */
  serviceKey: publicKeySchema,
});
export type Owner = z.infer<typeof ownerSchema>;

/** A case whose log from the service does not fit what is here; nothing more of it is taken until it does. */
export const setAsideSchema = z.object({
  case: caseIdSchema,
  code: errorCodeSchema,
  sinceMs: z.int().nonnegative(),
  /** When everything of it last fitted. */
  goodUntilMs: z.int().nonnegative().nullable(),
});
export type SetAsideNote = z.infer<typeof setAsideSchema>;

const schemas = {
  owner: ownerSchema,
  /** Private Ed25519 key of this device, 32 bytes in base64url. It exists nowhere else. */
  deviceSeed: z.string().length(43),
  /** The key of the device that this laptop is about to become, until it has. */
  nextDeviceSeed: z.string().length(43),
  /** The hybrid clock: the latest stamp written or seen. */
  clock: stampSchema,
  epoch: z.string(),
  /** The service was restored; which of the cases here may still be seen has not been asked yet. */
  accessUnsure: z.boolean(),
  userCursor: z.int().nonnegative(),
  lastSuccessAtMs: z.int().nonnegative(),
  offlineSinceMs: z.int().nonnegative().nullable(),
  heldOffline: z.boolean(),
  /** Until when cases that are not checked out are held without contact; null for as long as the vault opens. */
  holdUntilMs: z.int().nonnegative().nullable(),
  /** The latest moment that was known to have come when the vault was open. */
  clockMarkMs: z.int().nonnegative(),
  lastError: errorCodeSchema.nullable(),
  setAside: z.array(setAsideSchema),
  /** S01: the newest signed set of pins that was taken. */
  pins: signedPinSetSchema,
  /** S02: what the identity provider renews; null once it did not any more. */
  signIn: z.object({
    issuer: z.string(),
    clientId: z.string(),
    refreshToken: z.string().nullable(),
  }),
  /** To which unsent edits are sealed when access to a case ends; null where the organisation has none. */
  escrow: escrowKeySchema.nullable(),
  /** Up to which number the person was told who broke the glass. The service counts anew when it was restored. */
  glassCursor: z.int().nonnegative(),
  /** The service's clock minus this laptop's, as of the last hello. */
  serviceAheadMs: z.int(),
  /** When the service was last asked what its witness says. */
  witnessAskedAtMs: z.int().nonnegative(),
} as const;

type Schemas = typeof schemas;
export type MetaName = keyof Schemas;
export type Meta<N extends MetaName> = z.infer<Schemas[N]>;

export async function forgetMeta(db: Kysely<VaultTables>, name: MetaName): Promise<void> {
  await db.deleteFrom('meta').where('name', '=', name).execute();
}

/** The value kept under a name; a value that no longer fits its schema counts as not set. */
export async function readMeta<N extends MetaName>(
  db: Kysely<VaultTables>,
  name: N,
): Promise<Meta<N> | undefined> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
  if (row === undefined) return undefined;
  const parsed = schemas[name].safeParse(JSON.parse(row.value));
  // The schema of this very name produced the value.
  return parsed.success ? (parsed.data as Meta<N>) : undefined;
}

export async function writeMeta<N extends MetaName>(
  db: Kysely<VaultTables>,
  name: N,
  value: Meta<N>,
): Promise<void> {
  const text = JSON.stringify(schemas[name].parse(value));
  await db
    .insertInto('meta')
    .values({ name, value: text })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
    .execute();
}

export async function deleteMeta(db: Kysely<VaultTables>, name: MetaName): Promise<void> {
  await db.deleteFrom('meta').where('name', '=', name).execute();
}
