import { z } from 'zod';
import { userIdSchema } from '../../ids.ts';
import { day, decision, defineKind, instant, line, text, value } from '../fields.ts';
import { concernLevelSchema, levelsSafestFirst } from '../levels.ts';
import { caseStatusSchema, statusesSafestFirst, triageOutcomeSchema } from '../workflow.ts';

/** The case itself; its record id is the case id. */
export const caseKind = defineKind({
  fields: {
    title: value(line, { searchable: true }),
    site: value(line, { searchable: true }),
    status: decision(caseStatusSchema, statusesSafestFirst),
    lead: value(userIdSchema),
    purpose: value(text),
    legalBasis: value(line),
    openedAt: value(instant),
    triageOutcome: value(triageOutcomeSchema),
    triageReason: value(text, { searchable: true }),
    level: decision(concernLevelSchema, levelsSafestFirst),
    levelRationale: value(text, { searchable: true }),
    levelSince: value(instant),
    /** Bypasses everything and shows the emergency card. */
    imminent: decision(z.boolean(), [true, false]),
    reassessBy: value(day),
  },
});
