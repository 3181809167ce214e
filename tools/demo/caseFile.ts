/**
 * One case file being written by several people: the edits a program would have made of what each of them did,
 * through the real checks, merge and view, so that every edit names the changes its author had in view.
 */

import { type KindName, kinds, schemaVersion } from '../../shared/domain/kinds.ts';
import { splitSealed } from '../../shared/domain/reading.ts';
import { checkFieldEdit } from '../../shared/domain/validate.ts';
import {
  type CaseId,
  type ChangeId,
  type GroupId,
  type IdSource,
  newId,
  type RecordId,
} from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { type ChangeFields, type Op, type ReadChange, removedField } from '../../shared/sync/change.ts';
import { type Stamp, tick, zeroStamp } from '../../shared/sync/clock.ts';
import { emptyLog } from '../../shared/sync/log.ts';
import { applyChange, headsOf, type RecordState } from '../../shared/sync/merge.ts';
import { domainPolicy, viewRecord } from '../../shared/sync/view.ts';
import { demoPeople, type PersonKey } from './people.ts';
import type { SeededRandom } from './random.ts';

export interface Edit {
  readonly record: RecordId;
  readonly kind: KindName;
  /** New values; `undefined` leaves a field alone, `{add, remove}` edits a set. */
  readonly values: Readonly<Record<string, Json | undefined>>;
}

export interface Written {
  readonly by: PersonKey;
  readonly change: ReadChange;
}

type States = ReadonlyMap<RecordId, RecordState>;

interface Turn {
  readonly by: PersonKey;
  readonly atMs: number;
  /** What the author had in view; everything so far when left out. */
  readonly view?: States;
}

export class CaseFile {
  readonly id: CaseId;
  readonly #random: SeededRandom;
  readonly #latestMs: number;
  readonly #states = new Map<RecordId, RecordState>();
  readonly #written: Written[] = [];
  #nowMs: number;
  #clock: Stamp = zeroStamp;

  /** `latestMs`: nothing may be written later. */
  constructor(random: SeededRandom, beginMs: number, latestMs: number) {
    this.#random = random;
    this.#nowMs = beginMs;
    this.#latestMs = latestMs;
    this.id = newId<CaseId>(this.#ids());
  }

  get written(): readonly Written[] {
    return this.#written;
  }

  newRecord(): RecordId {
    return newId<RecordId>(this.#ids());
  }

  /** What everyone can see at this moment. */
  snapshot(): States {
    return new Map(this.#states);
  }

  valueOf(record: RecordId, field: string): Json | undefined {
    const state = this.#states.get(record);
    return state === undefined ? undefined : viewRecord(state).values[field];
  }

  /** Several edits stand or fall together. Time only moves forward: an edit is never earlier than the one before. */
  write(turn: Turn, ...edits: readonly Edit[]): void {
    this.#advance(turn.atMs);
    const view = turn.view ?? this.snapshot();
    // What is sealed is a change of its own, as the program writes it.
    const parts = edits.flatMap(({ record, kind, values }) => {
      const state = view.get(record);
      return splitSealed(kind, fieldsSeen(kind, values, state)).map((fields, index) => {
        const op: Op = state === undefined && index === 0 ? 'create' : 'update';
        return { record, kind, op, fields };
      });
    });
    const group = parts.length > 1 ? { group: newId<GroupId>(this.#ids()) } : {};
    for (const part of parts) this.#append(turn.by, { ...part, ...group });
  }

  remove(turn: Turn, record: RecordId): void {
    this.#advance(turn.atMs);
    const state = (turn.view ?? this.#states).get(record);
    if (state === undefined) throw new Error('there is nothing to remove');
    const fields = { [removedField]: { value: true, saw: [...headsOf(state)] } };
    this.#append(turn.by, { record, kind: state.kind, op: 'remove', fields });
  }

  #append(
    by: PersonKey,
    edit: { record: RecordId; kind: string; op: Op; fields: ChangeFields; group?: GroupId },
  ): void {
    const { fields, ...rest } = edit;
    this.#clock = tick(this.#clock, this.#nowMs);
    const id = newId<ChangeId>(this.#ids());
    const seen = [emptyLog.position, emptyLog.running] as const;
    const change: ReadChange = {
      head: { ...rest, id, at: this.#clock, schema: schemaVersion, seen },
      fields,
    };
    const arrived = { ...change, device: demoPeople[by].device.id, effective: this.#clock };
    this.#states.set(rest.record, applyChange(this.#states.get(rest.record), arrived, domainPolicy));
    this.#written.push({ by, change });
  }

  #advance(atMs: number): void {
    this.#nowMs = Math.min(Math.max(atMs, this.#nowMs + 1_000), this.#latestMs);
  }

  #ids(): IdSource {
    return { nowMs: () => this.#nowMs, randomBytes: (length) => this.#random.bytes(length) };
  }
}

function fieldsSeen(kind: KindName, values: Edit['values'], state: RecordState | undefined): ChangeFields {
  const saw = state === undefined ? {} : viewRecord(state).saw;
  const fields: Record<string, ChangeFields[string]> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '') continue;
    fields[name] = { value: checkFieldEdit(kinds[kind], name, value), saw: [...(saw[name] ?? [])] };
  }
  return fields;
}
