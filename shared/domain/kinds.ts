/** The registry of record kinds, and the version that changes whenever a kind or field is added. */
import type { KindSpec, ValuesOf } from './fields.ts';
import { assessmentKind } from './kinds/assessment.ts';
import { caseKind } from './kinds/case.ts';
import { custodyKind, evidenceKind } from './kinds/evidence.ts';
import { glassKind } from './kinds/glass.ts';
import { measureKind } from './kinds/measure.ts';
import { memberKind } from './kinds/member.ts';
import { noteKind } from './kinds/note.ts';
import { observationKind } from './kinds/observation.ts';
import { personKind } from './kinds/person.ts';
import { reportKind } from './kinds/report.ts';

/** Travels in every change; a program keeps kinds and fields of a newer version verbatim. */
export const schemaVersion = 3;

export const kinds = {
  case: caseKind,
  report: reportKind,
  person: personKind,
  observation: observationKind,
  assessment: assessmentKind,
  measure: measureKind,
  member: memberKind,
  note: noteKind,
  evidence: evidenceKind,
  custody: custodyKind,
  glass: glassKind,
} as const satisfies Readonly<Record<string, KindSpec>>;

export type Kinds = typeof kinds;
export type KindName = keyof Kinds;
export type RecordValues<K extends KindName> = ValuesOf<Kinds[K]>;

export const kindNames = Object.keys(kinds) as readonly KindName[];

/** The spec of a kind, or `undefined` for one that only a newer program knows. */
export function kindSpec(name: string): KindSpec | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name as KindName] : undefined;
}
