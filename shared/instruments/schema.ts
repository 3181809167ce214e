/**
 * An instrument is data: a versioned document that says what is looked at, what counts as an indication, what
 * does not, and what to ask. It has no weights, points or thresholds, and the schema is strict, so a document
 * that brings some is refused: the concern level is always a person's reasoned judgement (structured
 * professional judgement; Meloy, Hart & Hoffmann 2014, International Handbook of Threat Assessment, ch. 1).
 * A prompt may only say "look here" or "justify a level below X".
 *
 * A published (id, version) never changes: assessments refer to it for years.
 */
import { z } from 'zod';
import { codingChangeSchema, codingSchema } from '../domain/kinds/assessment.ts';
import { concernLevelSchema } from '../domain/levels.ts';
import { localTextSchema, slugSchema } from './text.ts';

const version = z.string().regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)$/, 'major.minor');

const indicationSchema = codingSchema.extract(['possible', 'present']);

const guidanceSchema = z
  .strictObject({
    /** What the item is about and why it matters, for someone who has not read the literature. */
    explanation: localTextSchema,
    /** What can be seen or heard that speaks for it. */
    indicators: z.array(localTextSchema).min(2).readonly(),
    /** What is often mistaken for it, or is nobody's business. */
    notCounted: z.array(localTextSchema).min(1).readonly(),
    /** What to find out, as questions to ask. */
    questions: z.array(localTextSchema).min(2).readonly(),
    /** Where "possible" and "present" begin, so that two raters mean the same. */
    anchors: z.strictObject({ possible: localTextSchema, present: localTextSchema }).readonly().optional(),
  })
  .readonly();

const itemSchema = z
  .strictObject({
    id: slugSchema,
    title: localTextSchema,
    /** One line under the title. */
    description: localTextSchema,
    guidance: guidanceSchema,
    /** `coding`: one of the four codings. `narrative`: the note is the answer (scenarios). */
    answer: z.enum(['coding', 'narrative']),
    /** Whether "present" speaks for concern, for protection, or for neither. Never summed, only worded. */
    speaksFor: z.enum(['concern', 'protection', 'context']),
    /** Codings that need at least one linked observation before the assessment can be signed. */
    evidenceRequiredFor: z.array(indicationSchema).readonly(),
  })
  .readonly();

const sectionSchema = z
  .strictObject({
    id: slugSchema,
    title: localTextSchema,
    description: localTextSchema,
    items: z.array(itemSchema).min(1).readonly(),
  })
  .readonly();

const itemConditionSchema = z
  .strictObject({
    item: slugSchema,
    /** True when the item's coding is one of these. */
    coding: z.array(codingSchema).min(1).readonly().optional(),
    /** True when the item's change is one of these. With `coding`, both must hold. */
    change: z.array(codingChangeSchema).min(1).readonly().optional(),
  })
  .readonly();

export type ItemCondition = z.infer<typeof itemConditionSchema>;
export type Condition =
  | ItemCondition
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] };

const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    itemConditionSchema,
    z.strictObject({ all: z.array(conditionSchema).min(1).readonly() }).readonly(),
    z.strictObject({ any: z.array(conditionSchema).min(1).readonly() }).readonly(),
  ]),
);

const promptSchema = z
  .strictObject({
    id: slugSchema,
    when: conditionSchema,
    text: localTextSchema,
    /** A level below this one needs a justification in the rationale. Never sets a level. */
    justifyBelow: concernLevelSchema.extract(['moderate', 'elevated', 'high']).optional(),
    /** Something is to be done now, before the assessment is finished. */
    urgent: z.boolean(),
  })
  .readonly();

const sourceSchema = z
  .strictObject({
    citation: z.string().trim().min(1),
    url: z.url({ protocol: /^https$/ }).optional(),
  })
  .readonly();

export const instrumentSchema = z
  .strictObject({
    id: slugSchema,
    version,
    title: localTextSchema,
    summary: localTextSchema,
    /** Who or what is rated. An instrument that rates a message says nothing about a person. */
    rates: z.enum(['person', 'message']),
    /** Whether an assessment with it ends in a concern level. */
    decidesLevel: z.boolean(),
    sources: z.array(sourceSchema).min(1).readonly(),
    licence: localTextSchema,
    /** How the four codings are meant throughout this instrument. */
    codingGuide: z
      .strictObject({
        unknown: localTextSchema,
        'no-indication': localTextSchema,
        possible: localTextSchema,
        present: localTextSchema,
      })
      .readonly(),
    sections: z.array(sectionSchema).min(1).readonly(),
    prompts: z.array(promptSchema).readonly(),
  })
  .readonly();

export type InstrumentItem = z.infer<typeof itemSchema>;
export type InstrumentPrompt = z.infer<typeof promptSchema>;
export type Instrument = z.infer<typeof instrumentSchema>;

/** All items in the order they are shown. */
export function itemsOf(instrument: Instrument): readonly InstrumentItem[] {
  return instrument.sections.flatMap((section) => section.items);
}
