/**
 * What lists, tasks and the search index hold, computed from a record. Pure: the same record always gives the
 * same, so all of it can be thrown away and computed again.
 */
import { kindSpec } from '../../../shared/domain/kinds.ts';
import type { UserId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { type RecordView, viewRecord } from '../../../shared/sync/view.ts';
import { otherForms } from '../search/fold.ts';
import type { StoredRecord } from './storedRecord.ts';

export interface SearchDoc {
  readonly title: string;
  readonly body: string;
  readonly forms: string;
}

export interface TaskRow {
  readonly type: 'measure' | 'unsigned';
  readonly owner: UserId | null;
  readonly dueOn: string | null;
  readonly title: string | null;
  readonly detail: string | null;
}

/** All but what the search index holds. */
export interface DerivedRow {
  readonly view: RecordView;
  readonly contested: number;
  readonly task: TaskRow | null;
}

export interface Derived extends DerivedRow {
  readonly doc: SearchDoc | null;
}

export function deriveRow({ state }: StoredRecord): DerivedRow {
  const view = viewRecord(state);
  if (view.removed) return { view, contested: 0, task: null };
  return { view, contested: view.contested.length, task: taskOf(state.kind, view) };
}

/** `number` is the case's, found by searching for it; it belongs to the case's own record. */
export function derive(record: StoredRecord, number: string | null): Derived {
  const row = deriveRow(record);
  return { ...row, doc: row.view.removed ? null : searchDoc(record.state.kind, row.view, number) };
}

const titleFields = ['title', 'name', 'who'] as const;

/** What a record is called in a list, in its own words; `null` when it has none. */
export function recordTitle(view: Pick<RecordView, 'values'>): string | null {
  for (const field of [...titleFields, 'text'] as const) {
    const text = textOf(view.values[field]);
    if (text !== '') return text.length > 120 ? `${text.slice(0, 119)}…` : text;
  }
  return null;
}

function searchDoc(kind: string, view: RecordView, number: string | null): SearchDoc | null {
  const spec = kindSpec(kind);
  if (spec === undefined) return null;
  const titleField = titleFields.find((field) => spec.fields[field]?.searchable);
  const own = titleField === undefined ? '' : textOf(view.values[titleField]);
  const title = kind === 'case' && number !== null ? `${number} ${own}`.trim() : own;
  const body = Object.entries(spec.fields)
    .filter(([field, { searchable }]) => searchable && field !== titleField)
    .map(([field]) => textOf(view.values[field]))
    .filter((text) => text !== '')
    .join('\n');
  const notes = Object.entries(view.values)
    .filter(([field]) => field.startsWith('item.'))
    .map(([, answer]) => textOf(noteOf(answer)))
    .filter((text) => text !== '');
  const all = [body, ...notes].filter((text) => text !== '').join('\n');
  return title === '' && all === '' ? null : { title, body: all, forms: otherForms(`${title}\n${all}`) };
}

function taskOf(kind: string, { values }: RecordView): TaskRow | null {
  if (kind === 'measure') {
    const isOpen = values.status === 'planned' || values.status === 'in-progress';
    const dueOn = orNull(values.due);
    if (!isOpen || dueOn === null) return null;
    const owner = orNull(values.owner) as UserId | null; // checked when it was edited
    return { type: 'measure', owner, dueOn, title: orNull(values.title), detail: orNull(values.code) };
  }
  if (kind === 'assessment' && (values.signature ?? null) === null) {
    const owner = orNull(values.startedBy) as UserId | null; // checked when it was edited
    return { type: 'unsigned', owner, dueOn: null, title: null, detail: orNull(values.instrument) };
  }
  return null;
}

function noteOf(answer: Json | undefined): Json | undefined {
  return typeof answer === 'object' && answer !== null && 'note' in answer ? answer.note : undefined;
}

/** NUL would end a text in SQLite's eyes. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value.replaceAll('\0', '') : '';
}

export function orNull(value: Json | undefined): string | null {
  const text = textOf(value);
  return text === '' ? null : text;
}
