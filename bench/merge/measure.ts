/** Field merges in a second, of the product's pure merge and of Automerge; only the merge is inside the clock. */
import * as Automerge from '@automerge/automerge';
import { type Arrived, applyChange, type RecordState } from '../../shared/sync/merge.ts';
import { domainPolicy } from '../../shared/sync/view.ts';
import { drawing, editsPerRecord, fieldsPerEdit, history, sets, values } from './history.ts';

/** The best of several rounds: the others say what else the machine did. */
export function mergesPerSecond(records = 400, rounds = 5): number {
  const histories = Array.from({ length: records }, (_, record) => history(record));
  return best(rounds, records, () => {
    for (const changes of histories) apply(changes);
  });
}

function apply(changes: readonly Arrived[]): void {
  let state: RecordState | undefined;
  for (const change of changes) state = applyChange(state, change, domainPolicy);
}

/** Automerge takes the same number of edits of the same number of fields, one by one as they arrive from others. */
export function automergeMergesPerSecond(records = 20, rounds = 3): number {
  const histories = Array.from({ length: records }, (_, record) => automergeHistory(record));
  return best(rounds, records, () => {
    for (const changes of histories) {
      let doc = Automerge.init<Doc>();
      for (const change of changes) [doc] = Automerge.applyChanges(doc, [change]);
    }
  });
}

type Doc = Record<string, string | Record<string, boolean>>;

function automergeHistory(record: number): readonly Automerge.Change[] {
  const draw = drawing(record + 1);
  const first = Automerge.from<Doc>(Object.fromEntries(sets.map((set) => [set, {}])));
  const people = Array.from({ length: 4 }, () => Automerge.clone(first));
  const changes = [...Automerge.getAllChanges(first)];
  for (let n = 0; n < editsPerRecord; n++) {
    const at = draw(people.length);
    let doc = people[at] ?? first;
    if (draw(5) > 0) [doc] = Automerge.applyChanges(doc, changes);
    doc = Automerge.change(doc, (draft) => {
      for (const field of values) draft[field] = `${n} ${draw(1_000)}`;
      for (const set of sets)
        draft[set] = { ...(draft[set] as Record<string, boolean>), [`e${draw(8)}`]: true };
    });
    people[at] = doc;
    const change = Automerge.getLastLocalChange(doc);
    if (change !== undefined) changes.push(change);
  }
  return changes;
}

function best(rounds: number, records: number, work: () => void): number {
  const merges = records * editsPerRecord * fieldsPerEdit;
  const perSecond = Array.from({ length: rounds }, () => {
    const startMs = performance.now();
    work();
    return (merges * 1_000) / (performance.now() - startMs);
  });
  return Math.round(Math.max(...perSecond));
}
