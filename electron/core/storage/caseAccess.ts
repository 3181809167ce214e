/** What of a case the person reads and writes, as the service said with the last page of its log. */
import type { Selectable } from 'kysely';
import { everything, type Reading } from '../../../shared/domain/reading.ts';
import type { Compartment } from '../../../shared/domain/sections.ts';
import { type CaseAccess, caseAccessSchema } from '../../../shared/sync/wire.ts';
import type { CasesTable } from './tables.ts';

/** Of a case that nothing was said about: it was begun here, or the person has led it since it began. */
export const leadAccess: CaseAccess = {
  grant: 1,
  standing: 'lead',
  sections: everything.scope,
  compartments: [...everything.compartments],
  untilMs: null,
  glass: [],
};

export function readAccess(text: string | null): CaseAccess {
  return text === null ? leadAccess : caseAccessSchema.parse(JSON.parse(text));
}

/** What the row of a case holds of it: the text, and when something of it ends by itself. */
export function accessColumns(
  access: CaseAccess | undefined,
): Pick<Selectable<CasesTable>, 'access' | 'access_ends_ms'> {
  if (access === undefined) return { access: null, access_ends_ms: null };
  const ends = [access.untilMs ?? Infinity, ...access.glass.map(({ untilMs }) => untilMs)];
  const first = Math.min(...ends);
  return { access: JSON.stringify(access), access_ends_ms: Number.isFinite(first) ? first : null };
}

export function readingOf({ sections, compartments, glass }: CaseAccess): Reading {
  const broken = glass.map(({ compartment }) => compartment);
  return { scope: sections, compartments: [...new Set<Compartment>([...compartments, ...broken])] };
}
