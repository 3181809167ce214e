import { z } from 'zod';

/** What a member of the organisation may do, over all cases. */
export const orgRoles = ['intake', 'specialist', 'reviewer', 'member', 'dpo', 'administrator'] as const;
export const orgRoleSchema = z.enum(orgRoles);
export type OrgRole = z.infer<typeof orgRoleSchema>;

/** What a person may do in one case. */
export const caseRoles = ['lead', 'specialist', 'member', 'reviewer'] as const;
export const caseRoleSchema = z.enum(caseRoles);
export type CaseRole = z.infer<typeof caseRoleSchema>;
