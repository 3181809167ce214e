/**
 * What is merged: a record of twenty fields (eighteen values, two sets) that four people edit over and over, who mostly
 * see each other's edits and now and then do not, so that there are conflicts and their resolutions.
 */
import type { ChangeId, DeviceId, RecordId } from '../../shared/ids.ts';
import type { ChangeFields } from '../../shared/sync/change.ts';
import { type Arrived, applyChange, type RecordState } from '../../shared/sync/merge.ts';
import { domainPolicy, viewRecord } from '../../shared/sync/view.ts';

export const editsPerRecord = 40;
export const fieldsPerEdit = 20;

export const values = Array.from({ length: 18 }, (_, n) => `item.m${n}`);
export const sets = ['evidence.m1', 'evidence.m2'];

/** Draws that repeat: a linear congruential generator (Numerical Recipes). */
export function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

const idOf = <T extends string>(letter: string, n: number): T =>
  `01900000-0000-7000-8000-${letter}${n.toString(16).padStart(11, '0')}` as unknown as T; // brands are types only

export function history(record: number): readonly Arrived[] {
  const draw = drawing(record + 1);
  const changes: Arrived[] = [];
  let state: RecordState | undefined;
  let seen = state;
  for (let n = 0; n < editsPerRecord; n++) {
    // One edit in five is made without having seen the latest ones.
    if (draw(5) > 0) seen = state;
    const view = seen && viewRecord(seen);
    const saw = (field: string) => [...(view?.saw[field] ?? [])];
    const fields: ChangeFields = {};
    for (const field of values) fields[field] = { value: `${n} ${draw(1_000)}`, saw: saw(field) };
    for (const field of sets) {
      fields[field] = { value: { add: [`e${draw(8)}`], remove: [`e${draw(8)}`] }, saw: saw(field) };
    }
    const at = [n, 0] as const;
    const head = {
      id: idOf<ChangeId>('c', record * editsPerRecord + n),
      record: idOf<RecordId>('e', record),
      kind: 'assessment',
      op: 'update',
      at,
      schema: 1,
      seen: [0, ''],
    } as const;
    const change: Arrived = { head, fields, device: idOf<DeviceId>('d', draw(4)), effective: at };
    changes.push(change);
    state = applyChange(state, change, domainPolicy);
  }
  return changes;
}
