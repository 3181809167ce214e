/** A field that people wrote apart and somebody settled: what stood against what, told after the fact. Pure. */
import type { ChangeId } from '../../../shared/ids.ts';
import type { Arrived, Heads } from '../../../shared/sync/merge.ts';
import { isContested } from '../../../shared/sync/view.ts';
import { headOf } from './conflict.ts';

/** The versions that the latest settlement of the field answered; none where nobody ever had to settle it. */
export function settledHeads(changes: readonly Arrived[], field: string): Heads {
  const byId = new Map<ChangeId, Arrived>(changes.map((change) => [change.head.id, change]));
  for (const change of changes.toReversed()) {
    const saw = change.fields[field]?.saw ?? [];
    const heads = saw.flatMap((id) => headOf(byId.get(id), field));
    if (isContested(heads)) return heads;
  }
  return [];
}
