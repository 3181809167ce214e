/** A contested field taken apart: the values written apart and the one both had seen. Pure. */
import type { VersionView } from '../../../shared/contract/conflictViews.ts';
import { fieldSpec } from '../../../shared/domain/fields.ts';
import { kindSpec } from '../../../shared/domain/kinds.ts';
import type { ChangeId, DeviceId } from '../../../shared/ids.ts';
import { removedField } from '../../../shared/sync/change.ts';
import {
  type Arrived,
  compareHeads,
  type Head,
  type Heads,
  type RecordState,
} from '../../../shared/sync/merge.ts';
import { shownHead } from '../../../shared/sync/view.ts';
import { iso } from '../cases/views.ts';
import type { UserOf } from '../directory/people.ts';

/**
 * The heads that stand against each other. Beside a removal (`$removed`) these are the removal itself and,
 * as `false`, the newest edit made beside it.
 */
export function contestedHeads(state: RecordState, field: string): Heads {
  const heads = state.registers[field] ?? [];
  if (field !== removedField || heads.some(({ value }) => value === false)) return heads;
  const seen = new Set(heads.flatMap(({ saw }) => saw ?? []));
  const registers = Object.entries(state.registers).filter(([name]) => name !== removedField);
  const elements = Object.values(state.sets).flatMap((set) => Object.values(set));
  const beside = [...registers.map(([, list]) => list), ...elements]
    .flat()
    .filter(({ change }) => !seen.has(change))
    .sort(compareHeads)
    .at(-1);
  return beside === undefined ? heads : [...heads, { ...beside, value: false }];
}

/** When the field became contested: when the second of the values was written. */
export function contestedSinceMs(heads: Heads): number {
  const [first, second] = heads.map(({ at }) => at[0]).sort((a, b) => a - b);
  return second ?? first ?? 0;
}

/** The latest change of the field that every one of the heads follows from. */
export function conflictBase(changes: readonly Arrived[], field: string, heads: Heads): Head | undefined {
  const edits = new Map<ChangeId, Arrived>();
  for (const change of changes) if (change.fields[field] !== undefined) edits.set(change.head.id, change);
  const [first, ...rest] = heads.map(({ change }) => ancestors(edits, field, change));
  if (first === undefined) return undefined;
  return [...first]
    .filter((id) => rest.every((others) => others.has(id)))
    .flatMap((id) => headOf(edits.get(id), field))
    .sort(compareHeads)
    .at(-1);
}

function ancestors(
  edits: ReadonlyMap<ChangeId, Arrived>,
  field: string,
  of: ChangeId,
): ReadonlySet<ChangeId> {
  const found = new Set<ChangeId>();
  const open = [of];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const id of edits.get(next)?.fields[field]?.saw ?? []) {
      if (!found.has(id)) open.push(id);
      found.add(id);
    }
  }
  return found;
}

/** What a change says of a field, where it does. */
export function headOf(change: Arrived | undefined, field: string): Head[] {
  const edit = change?.fields[field];
  if (change === undefined || edit === undefined) return [];
  return [{ change: change.head.id, device: change.device, at: change.effective, value: edit.value }];
}

interface Reader {
  readonly device: DeviceId;
  readonly userOf: UserOf;
}

/** `mine` is what was written on this laptop, else what its user wrote elsewhere. */
export function versionsOf(
  { kind, field, heads }: { readonly kind: string; readonly field: string; readonly heads: Heads },
  reader: Reader,
): VersionView[] {
  const spec = kindSpec(kind);
  const shown = shownHead(heads, spec === undefined ? undefined : fieldSpec(spec, field));
  const anyHere = heads.some(({ device }) => device === reader.device);
  const me = reader.userOf(reader.device);
  return heads.toSorted(compareHeads).map((head) => ({
    ...version(head, reader.userOf),
    mine: anyHere ? head.device === reader.device : reader.userOf(head.device) === me,
    shown: head === shown,
  }));
}

export function version(head: Head, userOf: UserOf): Omit<VersionView, 'mine' | 'shown'> {
  const { change, device, value, at } = head;
  return { change, value, user: userOf(device), device, at: iso(at[0]) };
}
