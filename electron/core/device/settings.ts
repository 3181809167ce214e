/**
 * What a laptop has to know before it is unlocked: who it is, how it looks, its key slots and the counter of
 * wrong passphrases. Plain text on disk, so nothing here may say anything about a case. What is read is
 * validated; a value that no longer fits its schema counts as not set.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { orgRoleSchema } from '../../../shared/domain/people.ts';
import { deviceIdSchema, tenantIdSchema, userIdSchema } from '../../../shared/ids.ts';
import {
  devicePolicySchema,
  emergencyContactSchema,
  enrolCheckAnswerSchema,
} from '../../../shared/sync/enrolment.ts';
import { identityProviderSchema } from '../../../shared/sync/identity.ts';
import { signedWipedSchema } from '../../../shared/sync/wiped.ts';
import { vaultNoticeSchema } from '../../../shared/sync/wire.ts';
import { type AttemptCounter, attemptCounter } from './attempts.ts';
import { guarded, openDeviceDatabase } from './database.ts';
import { type KeySlots, keySlots } from './keySlots.ts';

export const deviceIdentitySchema = z.strictObject({
  deviceId: deviceIdSchema,
  tenantId: tenantIdSchema,
  tenantName: z.string().max(200).optional(),
  userId: userIdSchema,
  userName: z.string().min(1).max(200),
  userRole: orgRoleSchema,
  /** What the person calls this laptop. */
  label: z.string().min(1).max(200),
  serviceUrl: z.url({ protocol: /^https$/ }),
  /** The authority the service's certificate has to come from. */
  caPem: z
    .string()
    .max(64 * 1024)
    .optional(),
  /** SHA-256 of accepted public keys (SPKI), base64. */
  pins: z.array(z.string().max(64)).max(16).optional(),
});
export type DeviceIdentity = z.infer<typeof deviceIdentitySchema>;

/** Each value that can be kept, with the schema it is read and written through. */
const schemas = {
  identity: deviceIdentitySchema,
  language: z.enum(['de', 'en']),
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  lastSyncAtMs: z.int().nonnegative(),
  /** The last answer of the service, by this laptop's clock. */
  lastContactAtMs: z.int().nonnegative(),
  lockedAtMs: z.int().nonnegative(),
  /** Whom to call in an emergency; reachable while locked and offline. */
  emergency: z.array(emergencyContactSchema).max(50),
  /** Set from before a one-time code is redeemed until its answer has been kept: the code is then used up. */
  enrolling: z.strictObject({ codeHash: z.string().length(43), checked: enrolCheckAnswerSchema }),
  /** Set when the key slots were destroyed; a new vault clears it. */
  shreddedAtMs: z.int().nonnegative(),
  shreddedBecause: z.enum(['attempts', 'remote']),
  /** Whether the service has been told of the destruction. */
  shredReported: z.boolean(),
  /** What this device signed before its keys were destroyed, until the service has it. */
  wipeReceipt: signedWipedSchema,
  /** What the service has to be told of this vault. */
  notices: z.array(vaultNoticeSchema).max(10),
  /** What the organisation decided, as of the last contact. */
  policy: devicePolicySchema,
  /** S02: the organisation's identity provider, as the service named it last. */
  identityProvider: identityProviderSchema,
  /** When the person signed in there last, by the provider's clock. */
  signedInAtMs: z.int().nonnegative(),
  /** This laptop's clock minus the service's, at the last contact. */
  skewMs: z.int(),
  /** The latest moment this laptop knows to have come, whatever its clock says now. */
  clockMarkMs: z.int().nonnegative(),
  /** Until when the vault opens without having reached the service. */
  leaseUntilMs: z.int().nonnegative(),
  /** What was not sent, counted while the vault was open: to be told should it not open again. */
  unsent: z.strictObject({
    count: z.int().nonnegative(),
    oldestAtMs: z.int().nonnegative().nullable(),
    asOfMs: z.int().nonnegative(),
  }),
  /** Set when the vault did not open or showed damage, until it opens without. */
  damage: z.strictObject({ sinceMs: z.int().nonnegative(), setAside: z.string().max(200).nullable() }),
  /** Set when the vault came out of a backup: the device it was made on may have written on, under its id. */
  restored: z.strictObject({ atMs: z.int().nonnegative(), createdAtMs: z.int().nonnegative() }),
  /** Set while a finished vault file waits to take the place of the old one. */
  fileSwapPending: z.literal(true),
} as const;

type Schemas = typeof schemas;
export type SettingName = keyof Schemas;
export type Setting<N extends SettingName> = z.infer<Schemas[N]>;

export interface DeviceSettings {
  readonly slots: KeySlots;
  readonly attempts: AttemptCounter;
  get<N extends SettingName>(name: N): Setting<N> | undefined;
  /** @throws ZodError when the value does not fit; TmaError `vault.disk-full`, `vault.read-only`. */
  set<N extends SettingName>(name: N, value: Setting<N>): void;
  clear(name: SettingName): void;
  /** All or nothing, durable when it returns. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export function openDeviceSettings(path: string): DeviceSettings {
  const database = openDeviceDatabase(path);
  return {
    slots: keySlots(database),
    attempts: attemptCounter(database),
    get: (name) => readSetting(database, name),
    set: (name, value) => writeSetting(database, name, schemas[name].parse(value)),
    clear: (name) => guarded(() => void database.prepare('DELETE FROM settings WHERE name = ?').run(name)),
    transaction: (work) => guarded(() => database.transaction(work).exclusive()),
    close: () => void database.close(),
  };
}

function readSetting<N extends SettingName>(database: Database, name: N): Setting<N> | undefined {
  const row = guarded(() =>
    database.prepare<[string], { value: string }>('SELECT value FROM settings WHERE name = ?').get(name),
  );
  const parsed = schemas[name].safeParse(parseJson(row?.value));
  // The schema of this very name produced the value.
  return parsed.success ? (parsed.data as Setting<N>) : undefined;
}

function writeSetting(database: Database, name: SettingName, value: unknown): void {
  const sql = 'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
  guarded(() => void database.prepare(sql).run(name, JSON.stringify(value)));
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
