/** What screens are given to show of values that were written apart. */
import { z } from 'zod';
import { concernLevelSchema } from '../domain/levels.ts';
import { caseIdSchema, changeIdSchema, deviceIdSchema, recordIdSchema, userIdSchema } from '../ids.ts';
import { jsonSchema } from '../json.ts';

/** One of the values written apart, or the value both had seen. */
export const versionViewSchema = z.object({
  change: changeIdSchema,
  value: jsonSchema,
  user: userIdSchema.nullable(),
  device: deviceIdSchema,
  at: z.iso.datetime(),
  mine: z.boolean(),
  /** The one shown while contested. */
  shown: z.boolean(),
});
export type VersionView = z.infer<typeof versionViewSchema>;

export const conflictLineSchema = z.object({
  caseId: caseIdSchema,
  number: z.string().nullable(),
  caseTitle: z.string(),
  level: concernLevelSchema.nullable(),
  recordId: recordIdSchema,
  kind: z.string(),
  field: z.string(),
  recordTitle: z.string().nullable(),
  since: z.iso.datetime(),
});
export type ConflictLine = z.infer<typeof conflictLineSchema>;

/** One field of a record, written by somebody who did not know of its removal. */
export const besideSchema = z.object({
  field: z.string(),
  before: jsonSchema,
  after: versionViewSchema,
});
export type BesideView = z.infer<typeof besideSchema>;

export const conflictViewSchema = conflictLineSchema.extend({
  /** What everyone had seen before writing apart; null when the field was empty. */
  base: versionViewSchema.nullable(),
  versions: z.array(versionViewSchema).min(1),
  /** All the changes a resolution answers: its `saw`. */
  saw: z.array(changeIdSchema),
  /** What holds since somebody has settled it; null while it waits. */
  settled: versionViewSchema.nullable(),
  /** Beside a removal: what the others wrote in the record, and what it says now. */
  beside: z.array(besideSchema),
  values: z.record(z.string(), jsonSchema),
});
export type ConflictView = z.infer<typeof conflictViewSchema>;
