/** Typed reading of the records of a case. */
import type { CaseView, RecordItem } from '../../shared/contract/views.ts';
import type { KindName, RecordValues } from '../../shared/domain/kinds.ts';

/** A record together with its values as their kind declares them. */
export interface Typed<K extends KindName> extends Omit<RecordItem, 'values'> {
  readonly values: RecordValues<K>;
}

/** The records of one kind, oldest first. */
export function recordsOf<K extends KindName>(view: CaseView, kind: K): readonly Typed<K>[] {
  return view.records.filter((record) => record.kind === kind).map((record) => typed<K>(record));
}

export function typed<K extends KindName>(record: RecordItem): Typed<K> {
  // The case process validates every edit against the kind before it stores it.
  return record as unknown as Typed<K>;
}

/** The record of kind `case`; present in every case file. */
export function caseRecord(view: CaseView): Typed<'case'> | null {
  return recordsOf(view, 'case')[0] ?? null;
}

/** Back to what edits and conflicts take. */
export function asItem(record: Typed<KindName>): RecordItem {
  return record as unknown as RecordItem;
}

/** An empty text is stored as "cleared". */
export function orNull(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}
