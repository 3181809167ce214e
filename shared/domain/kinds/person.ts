import { z } from 'zod';
import { defineKind, line, text, value } from '../fields.ts';

export const personRoles = ['of-concern', 'target', 'witness', 'reporter', 'other'] as const;
export const personRoleSchema = z.enum(personRoles);
export type PersonRole = z.infer<typeof personRoleSchema>;

/** A person in a case and the part they have in it. */
export const personKind = defineKind({
  fields: {
    name: value(line, { searchable: true }),
    role: value(personRoleSchema),
    position: value(line, { searchable: true }),
    department: value(line, { searchable: true }),
    contact: value(line),
    /** Whether the person can get to the target or the site. */
    access: value(line),
    note: value(text, { searchable: true }),
    /** What doctors said, and what is known of the person's health. */
    medical: value(text, { sealed: 'medical' }),
  },
});
