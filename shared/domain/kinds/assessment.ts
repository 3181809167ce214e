import { z } from 'zod';
import { recordIdSchema, userIdSchema } from '../../ids.ts';
import type { Json } from '../../json.ts';
import { day, decision, defineKind, instant, line, set, text, value } from '../fields.ts';
import { concernLevelSchema, levelsSafestFirst } from '../levels.ts';

export const codings = ['unknown', 'no-indication', 'possible', 'present'] as const;
export const codingSchema = z.enum(codings);
export type Coding = z.infer<typeof codingSchema>;

export const codingChanges = ['new', 'rising', 'stable', 'falling'] as const;
export const codingChangeSchema = z.enum(codingChanges);

export const confidences = ['low', 'medium', 'high'] as const;
export const confidenceSchema = z.enum(confidences);

/** How one item of an instrument was judged. */
export const itemAnswerSchema = z.strictObject({
  coding: codingSchema,
  change: codingChangeSchema.nullable(),
  confidence: confidenceSchema.nullable(),
  lastObserved: day.nullable(),
  note: text,
});
export type ItemAnswer = z.infer<typeof itemAnswerSchema>;

export const signatureSchema = z.strictObject({ by: userIdSchema, at: instant });

const unsignedIsSafer = (candidate: Json): number => (candidate === null ? 0 : 1);

/** One rating with a frozen version of an instrument. Items live in `item.<id>`, their evidence in `evidence.<id>`. */
export const assessmentKind = defineKind({
  fields: {
    instrument: value(line),
    instrumentVersion: value(line),
    startedAt: value(instant),
    startedBy: value(userIdSchema),
    /** The assessment this one continues. */
    previous: value(recordIdSchema),
    level: decision(concernLevelSchema, levelsSafestFirst),
    rationale: value(text, { searchable: true }),
    signature: decision(signatureSchema, unsignedIsSafer),
  },
  families: {
    item: value(itemAnswerSchema),
    evidence: set(recordIdSchema as unknown as z.ZodType<string, string>),
  },
});
