import { userIdSchema } from '../../ids.ts';
import { defineKind, instant, text, value } from '../fields.ts';
import { compartmentSchema } from '../sections.ts';

/**
 * How long a compartment stays open to who broke the glass, from when the service takes the record in. One that it takes
 * in later than `glassArrivesWithinMs` after it was written stands in the case and opens nothing: nobody asks any more.
 */
export const glassOpenMs = 4 * 3_600_000;
export const glassArrivesWithinMs = 24 * 3_600_000;

/** Somebody opened a sealed compartment for themselves, and why. Written once, by that person, and there for good. */
export const glassKind = defineKind({
  fields: {
    compartment: value(compartmentSchema),
    reason: value(text),
    at: value(instant),
    by: value(userIdSchema),
  },
  appendOnly: true,
});
