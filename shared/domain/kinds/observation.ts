import { z } from 'zod';
import { recordIdSchema } from '../../ids.ts';
import { warningBehaviourSchema } from '../behaviours.ts';
import { defineKind, instant, line, set, text, value } from '../fields.ts';

/** What an observation is worth as knowledge; `missing` notes what is not known and should be. */
export const observationNatures = ['fact', 'hearsay', 'inference', 'missing'] as const;
export const observationNatureSchema = z.enum(observationNatures);
export type ObservationNature = z.infer<typeof observationNatureSchema>;

export const reliabilities = ['high', 'medium', 'low', 'unknown'] as const;
export const reliabilitySchema = z.enum(reliabilities);

/** One thing seen, heard, concluded or missing, with where it comes from. */
export const observationKind = defineKind({
  fields: {
    nature: value(observationNatureSchema),
    text: value(text, { searchable: true }),
    occurredAt: value(instant),
    /** When the time is not known exactly: "around 15 November". */
    occurredNote: value(line),
    recordedAt: value(instant),
    source: value(line, { searchable: true }),
    reliability: value(reliabilitySchema),
    behaviours: set(warningBehaviourSchema),
    /** Person records this is about. */
    about: set(recordIdSchema as unknown as z.ZodType<string, string>),
  },
});
