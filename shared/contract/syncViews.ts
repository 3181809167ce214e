/** What screens are given to show about the exchange with the service. */
import { z } from 'zod';
import { concernLevelSchema } from '../domain/levels.ts';
import { errorCodeSchema } from '../errors.ts';
import { caseIdSchema, changeIdSchema, deviceIdSchema, recordIdSchema, userIdSchema } from '../ids.ts';
import { jsonSchema } from '../json.ts';

/** How far an exchange has come. */
export const syncProgressSchema = z.object({
  phase: z.enum(['sending', 'fetching']),
  /** Changes; the total is null while nobody knows it. */
  done: z.int().nonnegative(),
  total: z.int().nonnegative().nullable(),
  /** How many cases are whole here and how many there will be, when many come for the first time. */
  cases: z.object({ done: z.int().nonnegative(), total: z.int().nonnegative() }).nullable(),
});
export type SyncProgress = z.infer<typeof syncProgressSchema>;

/** The states of a case between laptop and service, those that need somebody first. */
export const syncCaseStates = ['set-aside', 'refused', 'waiting', 'same'] as const;
export const syncCaseStateSchema = z.enum(syncCaseStates);

export const syncViewSchema = z.object({
  state: z.enum(['idle', 'syncing', 'offline', 'error', 'never']),
  /** The person chose to work offline. */
  heldOffline: z.boolean(),
  unsent: z.int().nonnegative(),
  oldestUnsentAt: z.iso.datetime().nullable(),
  /** Own changes that the service refused, not read about yet. */
  refused: z.int().nonnegative(),
  /** Refused changes of others in cases this person leads, not read yet. */
  refusedToRead: z.int().nonnegative(),
  /** Cases of which nothing more is taken, because their log contradicts what is here. */
  setAside: z.int().nonnegative(),
  offlineSince: z.iso.datetime().nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
  nextTryAt: z.iso.datetime().nullable(),
  error: errorCodeSchema.nullable(),
  /** The laptop's clock minus the service's, when more than five minutes apart. */
  skewMs: z.int().nullable(),
  /** The service was restored from a backup and lacks something that it had; null when all is as it was. */
  restored: z
    .object({
      cases: z.int().nonnegative(),
      /** Changes on this laptop that are on their way back. */
      waiting: z.int().nonnegative(),
      /** Changes on this laptop that the service does not take back. */
      refused: z.int().nonnegative(),
      /** At least so many changes by others are on no laptop that has been here since. */
      missing: z.int().nonnegative(),
    })
    .nullable(),
  progress: syncProgressSchema.nullable(),
});
export type SyncView = z.infer<typeof syncViewSchema>;

/** How one case stands between this laptop and the service. */
export const syncCaseSchema = z.object({
  caseId: caseIdSchema,
  number: z.string().nullable(),
  /** Null where nothing of the case is here yet. */
  title: z.string().nullable(),
  level: concernLevelSchema.nullable(),
  state: syncCaseStateSchema,
  /** Why, where the service refuses the case's changes or its log was set aside. */
  code: errorCodeSchema.nullable(),
  unsent: z.int().nonnegative(),
  oldestUnsentAt: z.iso.datetime().nullable(),
  conflicts: z.int().nonnegative(),
  /** When laptop and service last held the same of it, as far as is known; null before the first time. */
  lastSuccessAt: z.iso.datetime().nullable(),
});
export type SyncCase = z.infer<typeof syncCaseSchema>;

/** A change by its place: the device that wrote it and its number there in the case. */
export const changePlaceSchema = z.strictObject({
  caseId: caseIdSchema,
  device: deviceIdSchema,
  n: z.int().positive(),
});
export type ChangePlace = z.infer<typeof changePlaceSchema>;

/** A change that the service keeps and does not count. */
export const refusalSchema = z.object({
  place: changePlaceSchema,
  change: changeIdSchema,
  number: z.string().nullable(),
  caseTitle: z.string(),
  record: recordIdSchema,
  kind: z.string(),
  op: z.enum(['create', 'update', 'remove']),
  /** What was written, by field; null for those who may only know that it was refused. */
  fields: z.record(z.string(), jsonSchema).nullable(),
  /** What it says went to the organisation under seal and is not here. */
  sealed: z.boolean(),
  user: userIdSchema.nullable(),
  at: z.iso.datetime(),
  /** When the service received it; null until the case's log has come back. */
  receivedAt: z.iso.datetime().nullable(),
  code: errorCodeSchema,
  /** Who can read it beside its author. */
  lead: userIdSchema.nullable(),
  mine: z.boolean(),
  read: z.boolean(),
});
export type Refusal = z.infer<typeof refusalSchema>;
