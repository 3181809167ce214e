/**
 * A lease: one case, checked out on one laptop, for a purpose and until when. The service grants it and writes it down,
 * so that of a lost laptop it can be said what it was to hold, why, and how long it could be opened.
 *
 *   until = min(what the person asked for, the moment of contact + what the organisation allows without contact)
 *
 * Every contact renews it by that rule. A case that is not checked out is held under the lease that every case has: as
 * long after the last contact as the policy says (`holdHours`). The purpose is one of a list and never words, so that
 * nothing about a case stands outside its encryption.
 */
import { z } from 'zod';
import { caseIdSchema, leaseIdSchema } from '../ids.ts';

export const leasePurposes = ['interview', 'conference', 'authority', 'travel', 'on-call', 'other'] as const;
export const leasePurposeSchema = z.enum(leasePurposes);
export type LeasePurpose = z.infer<typeof leasePurposeSchema>;

const atMs = z.int().nonnegative().max(8_640_000_000_000_000);

export const leaseSchema = z.object({
  id: leaseIdSchema,
  case: caseIdSchema,
  purpose: leasePurposeSchema,
  /** All by the service's clock. */
  sinceMs: atMs,
  /** Until when the laptop may hold the case without another contact. */
  untilMs: atMs,
  /** Until when the person asked for it: each contact renews it up to there. */
  wishedUntilMs: atMs,
  renewedAtMs: atMs,
});
export type Lease = z.infer<typeof leaseSchema>;

/** How far ahead a case can be checked out, contacts in between assumed. */
export const longestCheckoutMs = 90 * 86_400_000;

export const leasesRequestSchema = z.strictObject({
  take: z
    .strictObject({
      /** Made by the laptop: asked again with it, nothing happens twice. */
      id: leaseIdSchema,
      case: caseIdSchema,
      purpose: leasePurposeSchema,
      /** From now on; a duration, because clocks differ. */
      forMs: z.int().positive().max(longestCheckoutMs),
    })
    .optional(),
  giveBack: z.array(leaseIdSchema).max(1_000).optional(),
});
export type LeasesRequest = z.infer<typeof leasesRequestSchema>;

/** Every lease that the asking laptop has now. */
export const leasesAnswerSchema = z.object({ serverTimeMs: atMs, leases: z.array(leaseSchema) });
export type LeasesAnswer = z.infer<typeof leasesAnswerSchema>;

/** The parts of the organisation's policy that say how long a laptop works without contact. */
export interface OfflinePolicy {
  readonly offlineLeaseHours: number | null;
  readonly holdHours: number | null;
}

export interface LastContact {
  readonly atMs: number;
  /** Until when something is checked out; 0 where nothing is. */
  readonly checkedOutUntilMs: number;
}

const hourMs = 3_600_000;

/** Until when cases that are not checked out are held without another contact; null for as long as the vault opens. */
export function holdUntilMs({ holdHours }: Pick<OfflinePolicy, 'holdHours'>, atMs: number): number | null {
  return holdHours === null ? null : atMs + holdHours * hourMs;
}

/**
 * Until when the vault opens without another contact; null for ever. No longer than there is something in it that may
 * be read, and never longer than the organisation lets a laptop be away.
 */
export function vaultUntilMs(policy: OfflinePolicy, { atMs, checkedOutUntilMs }: LastContact): number | null {
  const held = holdUntilMs(policy, atMs);
  const needed = held === null ? Number.POSITIVE_INFINITY : Math.max(held, checkedOutUntilMs);
  const { offlineLeaseHours } = policy;
  const allowed = offlineLeaseHours === null ? Number.POSITIVE_INFINITY : atMs + offlineLeaseHours * hourMs;
  const until = Math.min(needed, allowed);
  return Number.isFinite(until) ? until : null;
}
