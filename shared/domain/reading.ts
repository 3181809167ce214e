/**
 * What of a case somebody may read. Pure, and the same on the service, which hands nothing else out, and on the laptop,
 * which shows nothing else.
 *
 * Every change belongs to one section, by the kind of its record, and to the compartments of the sealed fields it
 * gives a value. It is handed out whole or not at all: content, once signed, cannot be cut. Programs therefore write
 * sealed fields as a change of their own (`splitSealed`); a change of an older program that mixes them is sealed whole.
 *
 * The frame (the case's own record, its team, and who broke the glass) is read by everybody who sees the case: without
 * it nobody could tell whose case it is, or be told that they may not.
 */
import type { Json } from '../json.ts';
import { fieldSpec } from './fields.ts';
import { type KindName, kindSpec } from './kinds.ts';
import { type Compartment, compartments, type Scope, type Section, type SectionRight } from './sections.ts';

export interface Reading {
  /** `null` is the whole case. */
  readonly scope: Scope | null;
  readonly compartments: readonly Compartment[];
}

export const everything: Reading = { scope: null, compartments };

const sectionOfKind: Readonly<Record<KindName, Section | 'frame'>> = {
  case: 'frame',
  member: 'frame',
  glass: 'frame',
  report: 'report',
  person: 'persons',
  observation: 'observations',
  assessment: 'assessments',
  measure: 'measures',
  evidence: 'evidence',
  custody: 'evidence',
  note: 'notes',
};

/** Where a kind of record belongs; `undefined` for one that only a newer program knows: only the whole case has it. */
export function sectionOf(kind: string): Section | 'frame' | undefined {
  return Object.hasOwn(sectionOfKind, kind) ? sectionOfKind[kind as KindName] : undefined;
}

/** What somebody may do with records of a kind, sealed fields aside. */
export function rightTo(scope: Scope | null, kind: string): SectionRight | undefined {
  if (scope === null) return 'write';
  const section = sectionOf(kind);
  if (section === 'frame') return 'read';
  return section === undefined ? undefined : scope[section];
}

export interface Content {
  readonly kind: string;
  readonly fields: Readonly<Record<string, { readonly value: Json }>>;
}

export function mayRead({ scope, compartments: open }: Reading, content: Content): boolean {
  if (rightTo(scope, content.kind) === undefined) return false;
  return compartmentsIn(content).every((compartment) => open.includes(compartment));
}

/** The compartments of the sealed fields that a change gives a value. Clearing one tells nothing. */
export function compartmentsIn({ kind, fields }: Content): readonly Compartment[] {
  if (!hasSealed(kind)) return [];
  const found = Object.entries(fields).flatMap(([field, { value }]) => {
    const compartment = value === null ? undefined : compartmentOf(kind, field);
    return compartment === undefined ? [] : [compartment];
  });
  return [...new Set(found)];
}

/** The compartment a field is sealed in. */
export function compartmentOf(kind: string, field: string): Compartment | undefined {
  const spec = kindSpec(kind);
  return spec === undefined ? undefined : fieldSpec(spec, field)?.compartment;
}

/** The compartments that records of a kind have fields in. */
export function compartmentsOfKind(kind: string): readonly Compartment[] {
  const fields = Object.values(kindSpec(kind)?.fields ?? {});
  return compartments.filter((compartment) => fields.some((spec) => spec.compartment === compartment));
}

export function hasSealed(kind: string): boolean {
  return compartmentsOfKind(kind).length > 0;
}

/** Fields as the changes that have to carry them: what is open first, then what is sealed, compartment by compartment. */
export function splitSealed<F>(
  kind: string,
  fields: Readonly<Record<string, F>>,
): readonly Readonly<Record<string, F>>[] {
  const byCompartment = Map.groupBy(Object.entries(fields), ([field]) => compartmentOf(kind, field));
  const parts = [undefined, ...compartments].map((compartment) => byCompartment.get(compartment) ?? []);
  return parts.filter((part) => part.length > 0).map((part) => Object.fromEntries(part));
}

/** Whether two open the same. */
export function isSameReading(a: Reading, b: Reading): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder({ scope, compartments: open }: Reading): Json {
  const rights = scope === null ? null : Object.entries(scope).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [rights, compartments.filter((compartment) => open.includes(compartment))];
}
