/**
 * What an invitation to a case names: sections of the case, each to read or to write, and sealed compartments.
 *
 * `null` in place of the sections is the whole case. While two people have named different ones apart, the smaller
 * permission holds: what all of them name, and of that the lesser right.
 */
import { z } from 'zod';
import type { Json } from '../json.ts';

/** The parts of a case that can be opened to somebody, in the order in which screens name them. */
export const sections = [
  'report',
  'persons',
  'observations',
  'assessments',
  'measures',
  'evidence',
  'notes',
] as const;
export const sectionSchema = z.enum(sections);
export type Section = z.infer<typeof sectionSchema>;

export const sectionRights = ['read', 'write'] as const;
export const sectionRightSchema = z.enum(sectionRights);
export type SectionRight = z.infer<typeof sectionRightSchema>;

export const scopeSchema = z.partialRecord(sectionSchema, sectionRightSchema);
export type Scope = Readonly<Partial<Record<Section, SectionRight>>>;

/** What is closed even to the team of a case, but for those named. */
export const compartments = ['reporter-identity', 'medical'] as const;
export const compartmentSchema = z.enum(compartments);
export type Compartment = z.infer<typeof compartmentSchema>;

/** What a stored value says; sections and rights that only a newer program knows open nothing here. */
export function readScope(value: Json | undefined): Scope | null {
  if (value === null || value === undefined) return null;
  const named = typeof value === 'object' ? new Map(Object.entries(value)) : new Map<string, Json>();
  return Object.fromEntries(
    sections.flatMap((section) => {
      const right = sectionRightSchema.safeParse(named.get(section));
      return right.success ? [[section, right.data]] : [];
    }),
  );
}

export function readCompartments(value: Json | undefined): readonly Compartment[] {
  const named = Array.isArray(value) ? value : [];
  return compartments.filter((compartment) => named.includes(compartment));
}

/** What both open. */
export function narrower(a: Scope | null, b: Scope | null): Scope | null {
  if (a === null || b === null) return a ?? b;
  const rights = sections.flatMap((section) => {
    const [one, other] = [a[section], b[section]];
    if (one === undefined || other === undefined) return [];
    return [[section, one === 'write' ? other : one] as const];
  });
  return Object.fromEntries(rights);
}

/** For the order of what is shown while contested: the fewer and the lesser rights, the smaller. */
export function breadthOf(value: Json): number {
  const scope = readScope(value);
  if (scope === null) return sections.length * sectionRights.length + 1;
  return Object.values(scope).reduce((sum, right) => sum + 1 + sectionRights.indexOf(right), 0);
}
