/**
 * What a case has to show, worked out from the definition alone and not as the product does it: the changes to a
 * field that no other change's `saw` names. Knows nothing of order.
 */
import { setEditSchema } from '../../shared/domain/fields.ts';
import type { ChangeId, RecordId } from '../../shared/ids.ts';
import { type ReadChange, removedField } from '../../shared/sync/change.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import { domainPolicy } from '../../shared/sync/view.ts';

/** By record, by field or `field/element`, the ids of the changes that stand, sorted. */
export type Standing = ReadonlyMap<string, string>;

interface Edit {
  readonly id: ChangeId;
  readonly saw: ReadonlySet<ChangeId>;
}

export function standingOf(changes: readonly ReadChange[]): Standing {
  const places = new Map<string, Edit[]>();
  const put = (place: string, edit: Edit) => places.set(place, [...(places.get(place) ?? []), edit]);
  for (const { head, fields } of changes) {
    for (const [field, { value, saw }] of Object.entries(fields)) {
      const edit = { id: head.id, saw: new Set(saw) };
      const isSet = field !== removedField && domainPolicy(head.kind, field) === 'set';
      const elements = isSet ? setEditSchema.safeParse(value) : undefined;
      if (elements?.success !== true) put(`${head.record} ${field}`, edit);
      else
        for (const element of new Set([...elements.data.add, ...elements.data.remove]))
          put(`${head.record} ${field}/${element}`, edit);
    }
  }
  return new Map(
    [...places].map(([place, edits]) => {
      const superseded = new Set(edits.flatMap((edit) => [...edit.saw]));
      const standing = edits.filter(({ id }) => !superseded.has(id)).map(({ id }) => id);
      return [place, [...new Set(standing)].sort().join()] as const;
    }),
  );
}

/** The same of a state that the product computed. */
export function standingIn(records: Iterable<readonly [RecordId, RecordState]>): Standing {
  const places = new Map<string, string>();
  for (const [record, { registers, sets }] of records) {
    for (const [field, heads] of Object.entries(registers))
      places.set(
        `${record} ${field}`,
        heads
          .map((head) => head.change)
          .sort()
          .join(),
      );
    for (const [field, elements] of Object.entries(sets))
      for (const [element, heads] of Object.entries(elements))
        places.set(
          `${record} ${field}/${element}`,
          heads
            .map((head) => head.change)
            .sort()
            .join(),
        );
  }
  return places;
}

/** The first place where they differ, or `undefined`. */
export function difference(is: Standing, should: Standing): string | undefined {
  for (const place of new Set([...is.keys(), ...should.keys()])) {
    const [found, wanted] = [is.get(place) ?? '', should.get(place) ?? ''];
    if (found !== wanted) return `${place}: stands [${found}], has to stand [${wanted}]`;
  }
  return undefined;
}
