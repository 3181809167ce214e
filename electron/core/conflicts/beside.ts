/** What was written in a record by people who did not know that somebody removed it. Pure. */
import type { ChangeId } from '../../../shared/ids.ts';
import { removedField } from '../../../shared/sync/change.ts';
import { type Arrived, compareHeads, type Head, type RecordState } from '../../../shared/sync/merge.ts';
import { headOf } from './conflict.ts';

/** One field written beside the removal, with what its author had replaced. */
export interface Beside {
  readonly field: string;
  readonly before: Head | undefined;
  readonly head: Head;
}

export function besideRemoval(changes: readonly Arrived[], state: RecordState): readonly Beside[] {
  const byId = new Map<ChangeId, Arrived>(changes.map((change) => [change.head.id, change]));
  const known = knownToRemovers(byId, state);
  return changes
    .filter(({ head }) => !known.has(head.id))
    .flatMap((change) =>
      Object.entries(change.fields)
        .filter(([field]) => field !== removedField)
        .flatMap(([field, { saw }]) =>
          headOf(change, field).map((head) => ({
            field,
            before: saw
              .flatMap((id) => headOf(byId.get(id), field))
              .sort(compareHeads)
              .at(-1),
            head,
          })),
        ),
    );
}

/** What the removals name, and everything that these had replaced. */
function knownToRemovers(byId: ReadonlyMap<ChangeId, Arrived>, state: RecordState): ReadonlySet<ChangeId> {
  const removals = (state.registers[removedField] ?? []).filter(({ value }) => value === true);
  const open = removals.flatMap(({ saw }) => saw ?? []);
  const known = new Set<ChangeId>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (known.has(next)) continue;
    known.add(next);
    for (const { saw } of Object.values(byId.get(next)?.fields ?? {})) open.push(...saw);
  }
  return known;
}
