/** What of a case is there and not for this person: told so that they can break the glass, and without what it says. */
import type { CaseRights, SealedPart } from '../../../shared/contract/views.ts';
import { compartmentsOfKind, rightTo } from '../../../shared/domain/reading.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { readHead } from '../../../shared/sync/change.ts';
import type { CaseAccess } from '../../../shared/sync/wire.ts';
import type { Db } from '../session/workspace.ts';
import { readingOf } from '../storage/caseAccess.ts';
import { iso } from './views.ts';

export async function sealedParts(
  db: Db,
  caseId: CaseId,
  access: CaseAccess,
): Promise<readonly SealedPart[]> {
  const rows = await db
    .selectFrom('log')
    .select('head')
    .where('case_id', '=', caseId)
    .where('payload_hash', 'is not', null)
    .where('status', '=', 'applied')
    .execute();
  const parts = new Map<RecordId, SealedPart>();
  const { scope, compartments } = readingOf(access);
  for (const { head } of rows) {
    const { record, kind, op } = readHead(head);
    // A section that the invitation does not name is not there at all for this person.
    const closed = compartmentsOfKind(kind).find((compartment) => !compartments.includes(compartment));
    if (closed === undefined || rightTo(scope, kind) === undefined) continue;
    const whole = op === 'create' || parts.get(record)?.whole === true;
    parts.set(record, { record, kind, compartment: closed, whole });
  }
  return [...parts.values()];
}

export function caseRights(access: CaseAccess): CaseRights {
  const { standing, sections, untilMs, glass } = access;
  return {
    standing,
    sections,
    compartments: [...readingOf(access).compartments],
    until: untilMs === null ? null : iso(untilMs),
    glass: glass.map(({ compartment, untilMs: end }) => ({ compartment, until: iso(end) })),
  };
}
