import { z } from 'zod';
import { userIdSchema } from '../../ids.ts';
import { warningBehaviourSchema } from '../behaviours.ts';
import { decision, defineKind, instant, line, set, text, value } from '../fields.ts';

export const reportChannels = ['phone', 'in-person', 'e-mail', 'portal'] as const;
export const reportChannelSchema = z.enum(reportChannels);

/** What somebody reported, in the reporter's terms. */
export const reportKind = defineKind({
  fields: {
    channel: value(reportChannelSchema),
    receivedAt: value(instant),
    takenBy: value(userIdSchema),
    anonymous: value(z.boolean()),
    reporterName: value(line, { sealed: 'reporter-identity' }),
    reporterContact: value(line, { sealed: 'reporter-identity' }),
    /** Whom the report is about, as the reporter named them. */
    who: value(line, { searchable: true }),
    whoIsAtRisk: value(line, { searchable: true }),
    what: value(text, { searchable: true }),
    where: value(line, { searchable: true }),
    when: value(line),
    behaviours: set(warningBehaviourSchema),
    emergency: decision(z.boolean(), [true, false]),
  },
});
