/**
 * What of a case was open to the person when a page of it went out, as one word for each different one that is kept with
 * the deliveries: `*` for the whole case or the names of its sections, then the sealed compartments.
 *
 *   "*"   "* medical"   "persons,notes"   "persons,notes reporter-identity,medical"   "- "
 */
import {
  type Compartment,
  compartmentSchema,
  compartments,
  type Section,
  sectionSchema,
  sections,
} from '../../shared/domain/sections.ts';
import type { CasePage } from '../../shared/sync/wire.ts';

export interface Opening {
  /** Null is the whole case. */
  readonly sections: readonly Section[] | null;
  readonly compartments: readonly Compartment[];
}

/** A page that says nothing of it is for who leads the case, to whom all of it is open. */
export function openingOf({ access }: Pick<CasePage, 'access'>): string {
  if (access === undefined) return `* ${compartments.join(',')}`;
  const { sections: scope, glass } = access;
  const named = scope === null ? '*' : sections.filter((section) => scope[section] !== undefined).join(',');
  const broken = glass.map(({ compartment }) => compartment);
  const open = compartments.filter((one) => access.compartments.includes(one) || broken.includes(one));
  return `${named || '-'} ${open.join(',')}`;
}

/** All of them together: at most this was ever open. A word that this program does not know opens nothing. */
export function widest(openings: readonly string[]): Opening {
  const read = openings.map((opening) => opening.split(' '));
  const isWhole = read.some(([named]) => named === '*');
  const namedSections = new Set(read.flatMap(([named = '']) => named.split(',')));
  const namedCompartments = new Set(read.flatMap(([, open = '']) => open.split(',')));
  return {
    sections: isWhole ? null : sectionSchema.options.filter((one) => namedSections.has(one)),
    compartments: compartmentSchema.options.filter((one) => namedCompartments.has(one)),
  };
}
