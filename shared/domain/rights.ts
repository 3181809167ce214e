/** Who may write what in a case. Pure, and the same on the laptop, which asks first, and on the service, which decides. */
import type { CaseRole, OrgRole } from './people.ts';

/** What somebody may do in a case; `undefined`: nothing, not even see it. */
export type Standing = CaseRole | 'intake' | undefined;

/** An edit as far as rights go: the kind of record, and the names of its fields. */
export interface EditShape {
  readonly head: { readonly kind: string };
  readonly fields: object;
}

const beforeHandOver: readonly string[] = ['received', 'triage', 'rejected', 'referred'];

/** Whether the file went to a team, after which intake no longer sees it. */
export function isHandedOver(status: string): boolean {
  return !beforeHandOver.includes(status);
}

/** Whom the organisation lets take a report and so begin a file. */
export function mayBegin(role: OrgRole): boolean {
  return role === 'intake' || role === 'specialist';
}

const ofMembers: readonly string[] = ['person', 'observation', 'measure', 'note'];
const ofReviewers: readonly string[] = ['note'];

/** Whether somebody of that standing may make this edit. Only who leads the file decides who sees it. */
export function mayWrite(standing: Standing, { head, fields }: EditShape): boolean {
  switch (standing) {
    case 'lead':
    case 'intake':
      return true;
    case 'specialist':
      return !touchesTeam({ head, fields });
    case 'member':
      return ofMembers.includes(head.kind);
    case 'reviewer':
      return ofReviewers.includes(head.kind);
    case undefined:
      return false;
  }
}

/** Whether an edit says who belongs to the team. */
export function touchesTeam({ head, fields }: EditShape): boolean {
  return head.kind === 'member' || (head.kind === 'case' && Object.hasOwn(fields, 'lead'));
}
