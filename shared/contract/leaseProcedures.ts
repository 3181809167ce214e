/** Cases taken along: checked out for a purpose and a time, given back, and what happens to which case when. */
import { z } from 'zod';
import { instant } from '../domain/fields.ts';
import { concernLevelSchema } from '../domain/levels.ts';
import { caseIdSchema } from '../ids.ts';
import { leasePurposeSchema } from '../sync/leases.ts';
import { procedure } from './procedure.ts';

/** All instants by this laptop's clock. */
export const leaseViewSchema = z.object({
  caseId: caseIdSchema,
  number: z.string().nullable(),
  title: z.string(),
  level: concernLevelSchema.nullable(),
  purpose: leasePurposeSchema,
  since: z.iso.datetime(),
  /** Until when it is here without another contact. */
  until: z.iso.datetime(),
  /** Until when it was asked for; each contact renews it up to there. */
  wishedUntil: z.iso.datetime(),
  renewedAt: z.iso.datetime(),
  /** Edits in it that were not sent. */
  unsent: z.int().nonnegative(),
});
export type LeaseView = z.infer<typeof leaseViewSchema>;

export const leasesViewSchema = z.object({
  /** The one that ends first at the top. */
  leases: z.array(leaseViewSchema),
  /** Until when cases that are not checked out are here without contact; null where nothing ends before the vault. */
  holdUntil: z.iso.datetime().nullable(),
  /** Until when the vault opens without contact; null for ever. */
  vaultUntil: z.iso.datetime().nullable(),
  /** For how long a case can be taken along without contact, at most. */
  checkoutHours: z.int().positive(),
  /** What happens next if the service is not reached before; null where nothing does. */
  next: z
    .object({
      at: z.iso.datetime(),
      /** `vault`: it locks as a whole. `cases`: so many are removed. */
      what: z.enum(['vault', 'cases']),
      cases: z.int().nonnegative(),
      /** Edits that would go sealed to the organisation. */
      unsent: z.int().nonnegative(),
    })
    .nullable(),
  /** Cases that were removed because their time was over, until they are here again. */
  expired: z.array(z.object({ caseId: caseIdSchema, number: z.string().nullable(), at: z.iso.datetime() })),
});
export type LeasesView = z.infer<typeof leasesViewSchema>;

export const leaseProcedures = {
  'leases.get': procedure(z.strictObject({}), leasesViewSchema),
  /** Needs the service. */
  'leases.take': procedure(
    z.strictObject({ caseId: caseIdSchema, purpose: leasePurposeSchema, until: instant }),
    leasesViewSchema,
  ),
  /** Holds at once; the service hears of it now or at the next contact. */
  'leases.giveBack': procedure(z.strictObject({ caseId: caseIdSchema }), leasesViewSchema),
} as const;
