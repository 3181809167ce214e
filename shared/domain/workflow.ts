/**
 * The life of a case file. A file begins as a report (`received`) and either becomes a case or ends in
 * triage; every step is an edit of the case record's `status`, made by a person with a reason.
 */
import { z } from 'zod';

export const caseStatuses = [
  'received',
  'triage',
  'rejected',
  'referred',
  'gathering',
  'conference',
  'assessed',
  'managing',
  'closing',
  'closed',
] as const;
export const caseStatusSchema = z.enum(caseStatuses);
export type CaseStatus = z.infer<typeof caseStatusSchema>;

/** While contested, the status in which most work is going on is shown; an ending comes last. */
export const statusesSafestFirst: readonly CaseStatus[] = [
  'managing',
  'assessed',
  'conference',
  'gathering',
  'triage',
  'received',
  'closing',
  'referred',
  'rejected',
  'closed',
];

const transitions: Readonly<Record<CaseStatus, readonly CaseStatus[]>> = {
  received: ['triage', 'gathering', 'rejected', 'referred'],
  triage: ['gathering', 'rejected', 'referred'],
  rejected: ['triage', 'gathering'],
  referred: ['triage', 'gathering'],
  gathering: ['conference', 'assessed', 'closing'],
  conference: ['gathering', 'assessed'],
  assessed: ['managing', 'gathering', 'conference', 'closing'],
  managing: ['gathering', 'conference', 'assessed', 'closing'],
  closing: ['managing', 'closed'],
  closed: ['gathering'],
};

export function mayMove(from: CaseStatus, to: CaseStatus): boolean {
  return transitions[from].includes(to);
}

/** Files shown under "Reports": not yet decided in triage. */
export const reportStatuses = ['received', 'triage'] as const satisfies readonly CaseStatus[];

/** Files nobody has to act on. */
export const endedStatuses = ['rejected', 'referred', 'closed'] as const satisfies readonly CaseStatus[];

/** Hours from receipt until a report must be triaged; an emergency is due at once. */
export const triageWithinHours = 24;

export const triageOutcomes = ['open', 'reject', 'refer'] as const;
export const triageOutcomeSchema = z.enum(triageOutcomes);
export type TriageOutcome = z.infer<typeof triageOutcomeSchema>;

export const statusAfterTriage: Readonly<Record<TriageOutcome, CaseStatus>> = {
  open: 'gathering',
  reject: 'rejected',
  refer: 'referred',
};
