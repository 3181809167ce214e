/**
 * How many field merges the pure merge does in a second; the bar is 200 000. A record of twenty fields (eighteen
 * values, two sets) is edited over and over by four people who mostly see each other's edits and now and then do
 * not, so that there are conflicts and their resolutions. Only `applyChange` is inside the clock.
 */
import type { ChangeId, DeviceId, RecordId } from '../shared/ids.ts';
import type { ChangeFields } from '../shared/sync/change.ts';
import { type Arrived, applyChange, type RecordState } from '../shared/sync/merge.ts';
import { domainPolicy, viewRecord } from '../shared/sync/view.ts';

const barPerSecond = 200_000;
const records = 400;
const editsPerRecord = 40;
const rounds = 5;

const values = Array.from({ length: 18 }, (_, n) => `item.m${n}`);
const sets = ['evidence.m1', 'evidence.m2'];

/** Draws that repeat: a linear congruential generator (Numerical Recipes). */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

const idOf = <T extends string>(letter: string, n: number): T =>
  `01900000-0000-7000-8000-${letter}${n.toString(16).padStart(11, '0')}` as unknown as T; // brands are types only

function history(record: number): readonly Arrived[] {
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

const histories = Array.from({ length: records }, (_, record) => history(record));
const merges = records * editsPerRecord * (values.length + sets.length);
const perSecond: number[] = [];
for (let round = 0; round < rounds; round++) {
  const startMs = performance.now();
  for (const changes of histories) {
    let state: RecordState | undefined;
    for (const change of changes) state = applyChange(state, change, domainPolicy);
  }
  perSecond.push(Math.round((merges * 1_000) / (performance.now() - startMs)));
}
const best = Math.max(...perSecond);
console.log(`merge: ${merges} field merges a round, per second: ${perSecond.join(', ')}`);
console.log(`merge: best ${best}/s, bar ${barPerSecond}/s, ratio ${(best / barPerSecond).toFixed(2)}`);
