/** Who may write what in a case. Pure, and the same on the laptop, which asks first, and on the service, which decides. */
import type { Json } from '../json.ts';
import type { CaseRole, OrgRole } from './people.ts';
import { compartmentsIn, everything, type Reading, rightTo } from './reading.ts';

/** What somebody may do in a case; `undefined`: nothing, not even see it. */
export type Standing = CaseRole | 'intake' | undefined;

/** An edit as far as rights go: the kind of record, and its fields. */
export interface EditShape {
  readonly head: { readonly kind: string };
  readonly fields: Readonly<Record<string, { readonly value: Json }>>;
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

/**
 * Whether somebody of that standing, who reads so much of the case, may make this edit. Only who leads the file decides
 * who sees it; nobody writes what they could not read; and everybody may break the glass.
 */
export function mayWrite(standing: Standing, edit: EditShape, reading: Reading = everything): boolean {
  if (standing === undefined) return false;
  if (edit.head.kind === 'glass') return true;
  const content = { kind: edit.head.kind, fields: edit.fields };
  const isOpen = compartmentsIn(content).every((one) => reading.compartments.includes(one));
  if (!isOpen || rightTo(reading.scope, edit.head.kind) !== 'write') return false;
  // What an invitation names to be written, it says itself.
  return standing === 'member' && reading.scope !== null ? true : mayWriteAs(standing, edit);
}

function mayWriteAs(standing: Exclude<Standing, undefined>, { head, fields }: EditShape): boolean {
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
  }
}

/** Whether an edit says who belongs to the team. */
export function touchesTeam({
  head,
  fields,
}: {
  readonly head: EditShape['head'];
  readonly fields: object;
}): boolean {
  return head.kind === 'member' || (head.kind === 'case' && Object.hasOwn(fields, 'lead'));
}
