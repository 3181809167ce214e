/**
 * Histories of several devices that edit the same records while apart, for the properties of the merge. Each device
 * writes with what it has in view at that moment, through the real merge and the real view, and now and then hands
 * in what it wrote or reads what the others handed in; so the causal relation between edits is that of real work.
 */
import * as fc from 'fast-check';
import type { ChangeId, DeviceId, RecordId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { type ChangeFields, removedField } from '../../shared/sync/change.ts';
import { type Stamp, tick, zeroStamp } from '../../shared/sync/clock.ts';
import { type Arrived, applyChange, headsOf, type RecordState } from '../../shared/sync/merge.ts';
import { domainPolicy, viewRecord } from '../../shared/sync/view.ts';

export type Apply = typeof applyChange;
export type States = ReadonlyMap<RecordId, RecordState>;

type Step =
  | { readonly do: 'push' | 'pull'; readonly device: number }
  | { readonly do: 'write'; readonly device: number; readonly edit: Edit };

interface Edit {
  readonly record: number;
  readonly what: 'text' | 'level' | 'behaviours' | 'remove' | 'keep';
  readonly value: number;
  /** How far this device's clock is off at this moment. */
  readonly skewMs: number;
}

const texts = ['Tür offen', 'Tür zu', '', 'x'];
const levels = ['high', 'moderate', 'insufficient', 'low', null];
const behaviours = ['leakage', 'pathway', 'fixation'];
const records = ['observation', 'case'] as const;

const edits: fc.Arbitrary<Edit> = fc.record({
  record: fc.integer({ min: 0, max: records.length - 1 }),
  what: fc.constantFrom('text', 'text', 'level', 'behaviours', 'behaviours', 'remove', 'keep'),
  value: fc.integer({ min: 0, max: 1_000 }),
  skewMs: fc.integer({ min: -1_000, max: 1_000 }),
});

/** Steps of four devices: half of them edits, the rest hand in or read. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), device: device(), edit: edits }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('push' as const, 'pull' as const), device: device() }),
    },
  ),
  { maxLength: 60 },
);

function device(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 3 });
}

interface Laptop {
  readonly id: DeviceId;
  readonly states: Map<RecordId, RecordState>;
  readonly unsent: Arrived[];
  read: number;
  clock: Stamp;
}

/** All changes of a history, in the order of the log: what was handed in, then what each device still holds. */
export function play(history: readonly Step[]): readonly Arrived[] {
  const log: Arrived[] = [];
  const laptops = [0, 1, 2, 3].map(
    (index): Laptop => ({
      id: id<DeviceId>('d', index),
      states: new Map(),
      unsent: [],
      read: 0,
      clock: zeroStamp,
    }),
  );
  let nowMs = 1_763_880_000_000;
  let written = 0;
  for (const step of history) {
    const laptop = laptops[step.device];
    if (laptop === undefined) continue;
    nowMs += 10;
    if (step.do === 'push') log.push(...laptop.unsent.splice(0));
    if (step.do === 'pull') readOn(laptop, log);
    if (step.do !== 'write') continue;
    written += 1;
    const change = write(laptop, step.edit, { nowMs, number: written });
    laptop.unsent.push(change);
    applyTo(laptop.states, change);
  }
  for (const laptop of laptops) log.push(...laptop.unsent.splice(0));
  return log;
}

/** What a participant holds after these changes, in this order. */
export function arrive(changes: readonly Arrived[], apply: Apply = applyChange): States {
  const states = new Map<RecordId, RecordState>();
  for (const change of changes) applyTo(states, change, apply);
  return new Map([...states].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Another order in which the same changes can arrive: any in which a change comes after those it saw. `picks`
 * chooses among those that may come next.
 */
export function reorder(changes: readonly Arrived[], picks: readonly number[]): readonly Arrived[] {
  const waiting = [...changes];
  const arrived = new Set<ChangeId>();
  const out: Arrived[] = [];
  while (waiting.length > 0) {
    const ready = waiting.filter((change) => sawAll(change).every((seen) => arrived.has(seen)));
    const pick = picks[out.length % Math.max(1, picks.length)] ?? 0;
    const next = ready[pick % ready.length];
    if (next === undefined) throw new Error('a change saw one that is not in the history');
    waiting.splice(waiting.indexOf(next), 1);
    arrived.add(next.head.id);
    out.push(next);
  }
  return out;
}

export function sawAll(change: Arrived): readonly ChangeId[] {
  return Object.values(change.fields).flatMap((edit) => edit.saw);
}

function applyTo(states: Map<RecordId, RecordState>, change: Arrived, apply: Apply = applyChange): void {
  states.set(change.head.record, apply(states.get(change.head.record), change, domainPolicy));
}

/** A device's own changes never come back to it: it holds them already. */
function readOn(laptop: Laptop, log: readonly Arrived[]): void {
  for (const change of log.slice(laptop.read))
    if (change.device !== laptop.id) applyTo(laptop.states, change);
  laptop.read = log.length;
}

function write(laptop: Laptop, edit: Edit, when: { nowMs: number; number: number }): Arrived {
  const record = id<RecordId>('e', edit.record);
  const kind = records[edit.record] ?? 'case';
  const state = laptop.states.get(record);
  laptop.clock = tick(laptop.clock, when.nowMs + edit.skewMs);
  // Ids out of order on purpose: nothing may depend on them but ties.
  const change = id<ChangeId>('c', (when.number * 7_919) % 65_536);
  const op = edit.what === 'remove' ? 'remove' : state === undefined ? 'create' : 'update';
  const head = { id: change, record, kind, op, at: laptop.clock, schema: 1, seen: [0, ''] } as const;
  return { head, fields: fieldsOf(state, edit), device: laptop.id, effective: laptop.clock };
}

function fieldsOf(state: RecordState | undefined, edit: Edit): ChangeFields {
  const view = state && viewRecord(state);
  const one = (field: string, value: Json): ChangeFields => ({
    [field]: { value, saw: [...(view?.saw[field] ?? [])] },
  });
  switch (edit.what) {
    case 'text':
      return one(edit.record === 0 ? 'text' : 'title', pick(texts, edit.value));
    case 'level':
      return one('level', pick(levels, edit.value));
    case 'behaviours': {
      const element = pick(behaviours, edit.value);
      const adds = edit.value % 2 === 0;
      return one('behaviours', { add: adds ? [element] : [], remove: adds ? [] : [element] });
    }
    default:
      return { [removedField]: { value: edit.what === 'remove', saw: state ? [...headsOf(state)] : [] } };
  }
}

function pick<T extends Json>(values: readonly T[], index: number): Json {
  return values[index % values.length] ?? null;
}

function id<T extends string>(letter: string, number: number): T {
  const text = `01900000-0000-7000-8000-${letter}${number.toString(16).padStart(11, '0')}`;
  return text as unknown as T; // brands exist only in the type system
}
