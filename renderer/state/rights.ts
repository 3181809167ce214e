/** What the person may do in a case, as the screens ask: the same rules as the service's. */
import type { CaseView, SealedPart } from '../../shared/contract/views.ts';
import type { KindName } from '../../shared/domain/kinds.ts';
import { rightTo } from '../../shared/domain/reading.ts';
import { mayWrite } from '../../shared/domain/rights.ts';
import type { Compartment } from '../../shared/domain/sections.ts';
import type { RecordId } from '../../shared/ids.ts';

/** Whether records of a kind are shown at all. */
export function mayRead({ rights }: CaseView, kind: KindName): boolean {
  return rightTo(rights.sections, kind) !== undefined;
}

/** Whether there is anything to press that adds or changes records of a kind. */
export function mayEdit({ rights }: CaseView, kind: KindName): boolean {
  const { standing, sections: scope, compartments } = rights;
  return mayWrite(standing, { head: { kind }, fields: {} }, { scope, compartments });
}

/** Whether the person decides who is on the team. */
export function mayInvite({ rights: { standing } }: CaseView): boolean {
  return standing === 'lead' || standing === 'intake';
}

export function isOpen({ rights }: CaseView, compartment: Compartment): boolean {
  return rights.compartments.includes(compartment);
}

/** What of a record is there and closed to the person. */
export function sealedIn({ sealed }: CaseView, record: RecordId): SealedPart | undefined {
  return sealed.find((part) => part.record === record);
}
