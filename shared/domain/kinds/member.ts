import { userIdSchema } from '../../ids.ts';
import { decision, defineKind, instant, value } from '../fields.ts';
import { caseRoleSchema } from '../people.ts';

/** A person's membership in the team of a case; the service turns it into a grant. */
export const memberKind = defineKind({
  fields: {
    user: value(userIdSchema),
    /** While contested the smaller permission holds. */
    role: decision(caseRoleSchema, ['member', 'reviewer', 'specialist', 'lead']),
    /** End of the membership; `null` is open-ended. */
    until: value(instant),
  },
});
