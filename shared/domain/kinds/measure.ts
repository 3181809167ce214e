import { z } from 'zod';
import { userIdSchema } from '../../ids.ts';
import { day, decision, defineKind, instant, line, text, value } from '../fields.ts';

export const measureStatuses = ['planned', 'in-progress', 'done', 'cancelled'] as const;
export const measureStatusSchema = z.enum(measureStatuses);
export type MeasureStatus = z.infer<typeof measureStatusSchema>;

export const measureEffects = ['none', 'some', 'strong', 'adverse', 'too-early'] as const;
export const measureEffectSchema = z.enum(measureEffects);

/** A countermeasure, tied to what it is meant to change. */
export const measureKind = defineKind({
  fields: {
    /** Code in the catalogue, or `custom` with a title of its own. */
    code: value(line),
    title: value(line, { searchable: true }),
    /** The instrument item or warning behaviour it targets. */
    driver: value(line),
    owner: value(userIdSchema),
    due: value(day),
    status: decision(measureStatusSchema, ['in-progress', 'planned', 'cancelled', 'done']),
    doneAt: value(instant),
    effect: value(measureEffectSchema),
    note: value(text, { searchable: true }),
  },
});
