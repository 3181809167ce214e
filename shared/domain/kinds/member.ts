import { z } from 'zod';
import { userIdSchema } from '../../ids.ts';
import { decision, defineKind, instant, value } from '../fields.ts';
import { caseRoleSchema } from '../people.ts';
import { breadthOf, compartmentSchema, readCompartments, scopeSchema } from '../sections.ts';

/** A person's membership in the team of a case; the service turns it into a grant. */
export const memberKind = defineKind({
  fields: {
    user: value(userIdSchema),
    /** While contested the smaller permission holds. */
    role: decision(caseRoleSchema, ['member', 'reviewer', 'specialist', 'lead']),
    /** End of the membership; `null` is open-ended. */
    until: value(instant),
    /** What of the case the person reads and writes; `null` is the whole case. Whoever leads it has all of it. */
    sections: decision(scopeSchema, breadthOf),
    /** The sealed compartments that are open to the person. */
    compartments: decision(z.array(compartmentSchema).max(20), (value) => readCompartments(value).length),
  },
});
