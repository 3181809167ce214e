/**
 * The merge: the same pure function on the laptop, the service and in the simulation.
 *
 * Invariant: the state of a field is the set of changes to it that no other change's `saw` names. Two
 * participants that hold the same changes hold the same state, whatever the order in which the changes of
 * different devices arrived, provided that a change arrives after those its `saw` names (a log guarantees
 * that: nobody sees what is not in the log or in their own earlier changes).
 *
 * A register field (`value`, `decision`) keeps these changes as its heads: one head is the value, several
 * with different values are a conflict. A `set` field keeps heads per element, `true` for added and `false`
 * for removed; an element is in the set while any head says so. Removal is the register `$removed`, whose
 * `saw` names every head of the record: an edit made beside it stays visible.
 *
 * Example: A writes title "x" (a1, saw []); apart, B writes "y" (b1, saw [a1]) and C writes "z" (c1, saw [a1]).
 * Heads are {b1, c1}: a conflict, in either order. A person writes "yz" (d1, saw [b1, c1]): heads are {d1}.
 *
 * Source: the multi-value register of Shapiro, Preguiça, Baquero, Zawirski (2011), "A comprehensive study
 * of Convergent and Commutative Replicated Data Types", with supersession carried by the edit.
 */
import { type FieldPolicy, type SetEdit, setEditSchema } from '../domain/fields.ts';
import type { ChangeId, DeviceId } from '../ids.ts';
import type { Json } from '../json.ts';
import { type ReadChange, removedField } from './change.ts';
import { compareStamps, type Stamp } from './clock.ts';

/** One change that currently stands for a field (or for one element of a set). */
export interface Head {
  readonly change: ChangeId;
  readonly device: DeviceId;
  /** Effective clock: ties only. */
  readonly at: Stamp;
  readonly value: Json;
  /** Kept for removals only: what the remover had in view. */
  readonly saw?: readonly ChangeId[];
}

export type Heads = readonly Head[];

export interface RecordState {
  readonly kind: string;
  readonly registers: Readonly<Record<string, Heads>>;
  readonly sets: Readonly<Record<string, Readonly<Record<string, Heads>>>>;
}

/** A change with what the merge needs to know about its author and arrival. */
export interface Arrived extends ReadChange {
  readonly device: DeviceId;
  readonly effective: Stamp;
}

/** The merge policy of a field; unknown fields and kinds are kept as `value`. */
export type PolicyOf = (kind: string, field: string) => FieldPolicy;

/** The state after one more change. Each change is applied once; callers drop duplicates by id. */
export function applyChange(
  state: RecordState | undefined,
  change: Arrived,
  policyOf: PolicyOf,
): RecordState {
  const { kind } = change.head;
  const before = state ?? { kind, registers: {}, sets: {} };
  const registers: Record<string, Heads> = { ...before.registers };
  const sets: Record<string, Readonly<Record<string, Heads>>> = { ...before.sets };
  for (const [field, edit] of Object.entries(change.fields)) {
    const setEdit = policyOf(kind, field) === 'set' ? setEditSchema.safeParse(edit.value) : undefined;
    const head = { change: change.head.id, device: change.device, at: change.effective };
    if (setEdit?.success) {
      sets[field] = applySetEdit(own(sets, field) ?? {}, { edit: setEdit.data, saw: edit.saw, head });
    } else {
      const next: Head = { ...head, value: edit.value, ...(field === removedField ? { saw: edit.saw } : {}) };
      registers[field] = supersede(own(registers, field) ?? [], edit.saw, next);
    }
  }
  // Honest programs never disagree about a record's kind; where one lies, the order of arrival must not matter.
  return { kind: compareText(before.kind, kind) <= 0 ? before.kind : kind, registers, sets };
}

interface SetArrival {
  readonly edit: SetEdit;
  readonly saw: readonly ChangeId[];
  readonly head: Omit<Head, 'value'>;
}

function applySetEdit(
  elements: Readonly<Record<string, Heads>>,
  arrival: SetArrival,
): Readonly<Record<string, Heads>> {
  const next = new Map(Object.entries(elements));
  const { edit, saw, head } = arrival;
  const put = (element: string, value: boolean) =>
    next.set(element, supersede(next.get(element) ?? [], saw, { ...head, value }));
  for (const element of edit.remove) put(element, false);
  for (const element of edit.add) put(element, true);
  // Not by assignment: an element may be called `__proto__`.
  return Object.fromEntries(next);
}

/** What is stored under a name, where names come from outside and may be `constructor`. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Heads are kept in the order of their ids, so that equal sets of changes are equal states. */
function supersede(heads: Heads, saw: readonly ChangeId[], next: Head): Heads {
  const kept = heads.filter((head) => head.change !== next.change && !saw.includes(head.change));
  const at = kept.findIndex((head) => head.change > next.change);
  return at < 0 ? [...kept, next] : kept.toSpliced(at, 0, next);
}

/** The later of two heads: by effective clock, then device, then change id. */
export function compareHeads(a: Head, b: Head): number {
  return compareStamps(a.at, b.at) || compareText(a.device, b.device) || compareText(a.change, b.change);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Every change that stands for something in the record: what a removal must have seen. */
export function headsOf(state: RecordState): readonly ChangeId[] {
  const registers = Object.values(state.registers).flat();
  const elements = Object.values(state.sets).flatMap((set) => Object.values(set).flat());
  return [...new Set([...registers, ...elements].map((head) => head.change))].sort();
}
