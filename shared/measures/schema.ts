/**
 * The catalogue of countermeasures: what a team can do, who usually does it, what it is meant to change, and
 * when it does harm. Cautions are part of the measure, not of a manual nobody opens.
 */
import { z } from 'zod';
import { localTextSchema, slugSchema } from '../instruments/text.ts';

/** What a measure targets: a warning behaviour, `leakage`, or an item, `workplace-judgement/grievance`. */
export const driverSchema = z
  .string()
  .regex(/^([a-z][a-z0-9-]*\/)?[a-z][a-z0-9-]*$/, 'a warning behaviour, or instrument/item');

const namedSchema = z.strictObject({ id: slugSchema, title: localTextSchema }).readonly();

export const measureEntrySchema = z
  .strictObject({
    /** Kept in the measure's record for years: never renamed, never reused. */
    code: slugSchema,
    group: slugSchema,
    /** The function that usually takes it on; a person is named in the case. */
    owner: slugSchema,
    title: localTextSchema,
    description: localTextSchema,
    /** What can go wrong. Shown before the measure is added. */
    caution: localTextSchema.optional(),
    /** Circumstances in which it must not be used at all. */
    neverWhere: z.array(slugSchema).readonly(),
    /** Urgent protection may start before the assessment is approved. */
    mayStartBeforeApproval: z.boolean(),
    /** What it typically targets; suggestions, not limits. */
    drivers: z.array(driverSchema).min(1).readonly(),
  })
  .readonly();

export const measuresCatalogueSchema = z
  .strictObject({
    version: z.string().regex(/^\d+\.\d+$/, 'major.minor'),
    groups: z.array(namedSchema).min(1).readonly(),
    roles: z.array(namedSchema).min(1).readonly(),
    exclusions: z.array(namedSchema).readonly(),
    measures: z.array(measureEntrySchema).min(1).readonly(),
  })
  .readonly();

export type MeasureEntry = z.infer<typeof measureEntrySchema>;
export type MeasuresCatalogueDocument = z.infer<typeof measuresCatalogueSchema>;
