/**
 * A record's merged state as text in the vault. A record is mostly written by few changes, so each change is
 * named once and its heads point to it: a third of the size of the plain form, and as much faster to read.
 *
 *   {"c": [[change, device, ms, counter], …],
 *    "r": {field: [[index into c, value, saw?], …]},
 *    "s": {field: {element: [[index into c, value], …]}}}
 */
import type { ChangeId, DeviceId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import type { Head, Heads, RecordState } from '../../../shared/sync/merge.ts';

type ChangeEntry = readonly [change: ChangeId, device: DeviceId, ms: number, counter: number];
type HeadEntry = readonly [index: number, value: Json, saw?: readonly ChangeId[]];
type HeadEntries = Readonly<Record<string, readonly HeadEntry[]>>;

interface StateText {
  readonly c: readonly ChangeEntry[];
  readonly r: HeadEntries;
  readonly s: Readonly<Record<string, HeadEntries>>;
}

/** Only the outline is checked: the text was written here, into an authenticated file. By hand, for 500 at a time. */
function isStateText(value: unknown): value is StateText {
  if (!isObject(value)) return false;
  return Array.isArray(value.c) && isObject(value.r) && isObject(value.s);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function encodeState(state: RecordState): string {
  const changes: ChangeEntry[] = [];
  const indices = new Map<ChangeId, number>();
  const indexOf = (head: Head): number => {
    const known = indices.get(head.change);
    if (known !== undefined) return known;
    indices.set(head.change, changes.length);
    return changes.push([head.change, head.device, head.at[0], head.at[1]]) - 1;
  };
  const encode = (heads: Heads): HeadEntry[] =>
    heads.map((head) => {
      const index = indexOf(head);
      return head.saw === undefined ? [index, head.value] : [index, head.value, head.saw];
    });
  const text: StateText = {
    r: mapValues(state.registers, encode),
    s: mapValues(state.sets, (elements) => mapValues(elements, encode)),
    c: changes,
  };
  return JSON.stringify(text);
}

/** @throws when the text is not one that {@link encodeState} wrote. */
export function decodeState(kind: string, text: string): RecordState {
  const parsed: unknown = JSON.parse(text);
  if (!isStateText(parsed)) throw new Error('record state is not what was written');
  const decode = (entries: readonly HeadEntry[]): Heads =>
    entries.map(([index, value, saw]) => {
      const entry = parsed.c[index];
      if (entry === undefined) throw new Error('record state names a change it does not list');
      const [change, device, ms, counter] = entry;
      const head: Head = { change, device, at: [ms, counter], value };
      return saw === undefined ? head : { ...head, saw };
    });
  return {
    kind,
    registers: mapValues(parsed.r, decode),
    sets: mapValues(parsed.s, (elements) => mapValues(elements, decode)),
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
