/**
 * What a record shows: one value per field, with a mark where people wrote different things apart. Pure,
 * and independent of the order of arrival, like the state it reads.
 */
import { type FieldSpec, fieldSpec } from '../domain/fields.ts';
import { kindSpec } from '../domain/kinds.ts';
import type { ChangeId } from '../ids.ts';
import type { Json } from '../json.ts';
import { canonical } from './canonical.ts';
import { removedField } from './change.ts';
import { compareHeads, type Head, type Heads, type PolicyOf, type RecordState } from './merge.ts';

export interface RecordView {
  readonly values: Readonly<Record<string, Json>>;
  /** Fields with several different values; `$removed` where an edit stands beside a removal. */
  readonly contested: readonly string[];
  /** For each field the changes in view: an edit of the field sends them back as its `saw`. */
  readonly saw: Readonly<Record<string, readonly ChangeId[]>>;
  readonly removed: boolean;
}

export const domainPolicy: PolicyOf = (kind, field) => specOf(kind, field)?.policy ?? 'value';

export function viewRecord(state: RecordState): RecordView {
  const values: Record<string, Json> = {};
  const saw: Record<string, readonly ChangeId[]> = {};
  const contested: string[] = [];
  for (const [field, heads] of Object.entries(state.registers)) {
    saw[field] = heads.map((head) => head.change);
    const spec = specOf(state.kind, field);
    // What is not an edit of a set is kept, but is not a set's value.
    if (field === removedField || spec?.policy === 'set') continue;
    const shown = shownHead(heads, spec);
    if (shown !== undefined) values[field] = shown.value;
    if (isContested(heads)) contested.push(field);
  }
  for (const [field, elements] of Object.entries(state.sets)) {
    values[field] = Object.keys(elements)
      .filter((element) => isInSet(elements[element]))
      .sort();
    saw[field] = [
      ...new Set(
        Object.values(elements)
          .flat()
          .map((head) => head.change),
      ),
    ].sort();
  }
  const removal = removalOf(state);
  if (removal === 'contested') contested.push(removedField);
  return { values, contested: contested.sort(), saw, removed: removal === 'removed' };
}

/** Several heads with different values; equal values written apart agree. */
export function isContested(heads: Heads): boolean {
  const [first, ...rest] = heads;
  if (first === undefined || rest.length === 0) return false;
  const text = canonical(first.value);
  return rest.some((head) => canonical(head.value) !== text);
}

/** The head whose value is displayed: the safer decision, else the latest. */
export function shownHead(heads: Heads, spec: FieldSpec | undefined): Head | undefined {
  const rank = spec?.rank;
  return heads.toSorted((a, b) => (rank ? rank(a.value) - rank(b.value) : 0) || compareHeads(b, a))[0];
}

function isInSet(heads: Heads | undefined): boolean {
  return heads?.some((head) => head.value === true) ?? false;
}

function removalOf(state: RecordState): 'present' | 'removed' | 'contested' {
  const heads = state.registers[removedField] ?? [];
  const removals = heads.filter((head) => head.value === true);
  if (removals.length === 0) return 'present';
  if (removals.length < heads.length) return 'contested';
  const seen = new Set(removals.flatMap((head) => head.saw ?? []));
  const isSeen = (head: Head) => seen.has(head.change);
  const registers = Object.entries(state.registers).filter(([field]) => field !== removedField);
  const others = [
    ...registers.map(([, list]) => list),
    ...Object.values(state.sets).flatMap((set) => Object.values(set)),
  ];
  return others.every((list) => list.every(isSeen)) ? 'removed' : 'contested';
}

function specOf(kind: string, field: string): FieldSpec | undefined {
  const spec = kindSpec(kind);
  return spec === undefined ? undefined : fieldSpec(spec, field);
}
