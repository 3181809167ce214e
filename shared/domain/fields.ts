/**
 * How a record kind is declared: every field has a schema and a merge policy, in one place, so that the
 * form, the vault, the service and the merge cannot disagree about what a field is.
 *
 * | policy     | two people edited it apart                          | shown meanwhile                 |
 * |------------|-----------------------------------------------------|---------------------------------|
 * | `value`    | conflict until a person resolves it                 | the latest, marked              |
 * | `decision` | conflict until a person resolves it                 | the safer value, marked         |
 * | `set`      | elements are added and removed one by one           | never a conflict; add wins      |
 *
 * Append-only kinds (`appendOnly`) are made of records that are written once: nothing to merge.
 */
import { z } from 'zod';
import type { Json } from '../json.ts';
import type { Compartment } from './sections.ts';

export type FieldPolicy = 'value' | 'decision' | 'set';

export interface FieldSpec<S extends z.ZodType = z.ZodType, P extends FieldPolicy = FieldPolicy> {
  readonly policy: P;
  /** Schema of the whole value; for a `set`, of one element. */
  readonly schema: S;
  /** Text of this field goes into the full-text index. */
  readonly searchable: boolean;
  /** For the programs alone: no screen is handed it. */
  readonly internal: boolean;
  /** Sealed from everybody but those named for this compartment; see `reading.ts`. */
  readonly compartment: Compartment | undefined;
  /** Decisions only: the lower, the safer. Ties are broken by the clock. */
  readonly rank: ((value: Json) => number) | undefined;
}

interface FieldOptions {
  readonly searchable?: boolean;
  readonly internal?: boolean;
  readonly sealed?: Compartment;
}

/** A field whose latest value is shown while contested. `null` means "cleared". */
export function value<S extends z.ZodType>(
  schema: S,
  options: FieldOptions = {},
): FieldSpec<z.ZodNullable<S>, 'value'> {
  return {
    policy: 'value',
    schema: schema.nullable(),
    searchable: options.searchable ?? false,
    internal: options.internal ?? false,
    compartment: options.sealed,
    rank: undefined,
  };
}

/** A field whose safer value is shown while contested; `safestFirst` orders the values, or `rank` computes it. */
export function decision<S extends z.ZodType>(
  schema: S,
  safestFirst: readonly Json[] | ((value: Json) => number),
): FieldSpec<z.ZodNullable<S>, 'decision'> {
  const rank =
    typeof safestFirst === 'function'
      ? safestFirst
      : (candidate: Json) => {
          const index = safestFirst.indexOf(candidate);
          // A value this program does not know may be the safest of all: it ranks first.
          return candidate === null ? safestFirst.length : index;
        };
  const open = { searchable: false, internal: false, compartment: undefined };
  return { policy: 'decision', schema: schema.nullable(), ...open, rank };
}

/** A set of strings; edits say which elements they add and remove. */
export function set<S extends z.ZodType<string, string>>(element: S): FieldSpec<S, 'set'> {
  const open = { searchable: false, internal: false, compartment: undefined };
  return { policy: 'set', schema: element, ...open, rank: undefined };
}

/** One kind of record: its fixed fields, and families of fields named `<family>.<id>`. */
export interface KindSpec<
  F extends Readonly<Record<string, FieldSpec>> = Readonly<Record<string, FieldSpec>>,
  G extends Readonly<Record<string, FieldSpec>> = Readonly<Record<string, FieldSpec>>,
> {
  readonly fields: F;
  readonly families: G;
  readonly appendOnly: boolean;
}

type NoFamilies = Record<never, FieldSpec>;

export function defineKind<
  const F extends Readonly<Record<string, FieldSpec>>,
  const G extends Readonly<Record<string, FieldSpec>> = NoFamilies,
>(spec: { readonly fields: F; readonly families?: G; readonly appendOnly?: boolean }): KindSpec<F, G> {
  return {
    fields: spec.fields,
    families: spec.families ?? ({} as G), // an absent family record is the empty one
    appendOnly: spec.appendOnly ?? false,
  };
}

/** What a field holds when read: a set reads as a sorted array of its elements. */
export type FieldValue<S> =
  S extends FieldSpec<infer Z, infer P> ? (P extends 'set' ? readonly z.output<Z>[] : z.output<Z>) : never;

type Fixed<K extends KindSpec> = { readonly [N in keyof K['fields']]?: FieldValue<K['fields'][N]> };
type Family<K extends KindSpec> = {
  readonly [N in keyof K['families'] & string as `${N}.${string}`]?: FieldValue<K['families'][N]>;
};

/** The values of a record of a kind; every field may be absent, since records are built edit by edit. */
export type ValuesOf<K extends KindSpec> = Fixed<K> & Family<K>;

/** Names a field may have on the wire: `title`, `item.pathway`. Keeps `__proto__` and friends out. */
export const fieldNamePattern = /^[a-z][A-Za-z0-9]{0,63}(\.[a-z0-9][a-z0-9-]{0,63})?$/;

/** The spec of a field by name, or `undefined` where this program does not know the field. */
export function fieldSpec(kind: KindSpec, name: string): FieldSpec | undefined {
  if (Object.hasOwn(kind.fields, name)) return kind.fields[name];
  const dot = name.indexOf('.');
  const family = dot > 0 && fieldNamePattern.test(name) ? name.slice(0, dot) : undefined;
  return family !== undefined && Object.hasOwn(kind.families, family) ? kind.families[family] : undefined;
}

/** What of a record's fields a person may be shown. */
export function shownFields<T>(
  kind: KindSpec | undefined,
  fields: Readonly<Record<string, T>>,
): Record<string, T> {
  const isShown = (name: string) => kind === undefined || fieldSpec(kind, name)?.internal !== true;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isShown(name)));
}

/** What an edit of a `set` field carries. */
export const setEditSchema = z.strictObject({
  add: z.array(z.string().min(1).max(200)).max(500),
  remove: z.array(z.string().min(1).max(200)).max(500),
});
export type SetEdit = z.infer<typeof setEditSchema>;

/** Longest text a person can put into one field, in characters. */
export const maxTextLength = 50_000;
export const text = z.string().max(maxTextLength);
export const line = z.string().max(500);
/** An instant, ISO 8601 in UTC. */
export const instant = z.iso.datetime();
/** A calendar day, `2026-11-23`. */
export const day = z.iso.date();
