/** Makes edits from what is on the screen, and sends them. `saw` is exactly what the person had in view. */
import type { InputOf, OutputOf, RecordEdit } from '../../shared/contract/procedures.ts';
import type { RecordItem } from '../../shared/contract/views.ts';
import type { KindName } from '../../shared/domain/kinds.ts';
import { type CaseId, type ChangeId, newId, type RecordId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { removedField } from '../../shared/sync/change.ts';
import { client } from '../app/client.ts';

const browserIds = {
  nowMs: () => Date.now(),
  randomBytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
};

type Values = Readonly<Record<string, Json | undefined>>;
export type EditResult = OutputOf<'cases.edit'>;

/** A new record with the given values; fields that are `undefined` are left out. */
export function createRecord(kind: KindName, values: Values): RecordEdit {
  return { record: newId<RecordId>(browserIds), kind, op: 'create', fields: editedFields(values, {}) };
}

/** New values for fields of a record in view. */
export function updateRecord(record: RecordItem, values: Values): RecordEdit {
  return { record: record.id, kind: record.kind, op: 'update', fields: editedFields(values, record.saw) };
}

/** One field, when the changes in view are known from elsewhere than a record: a conflict, a draft. */
export function editField(
  { record, kind }: Pick<RecordEdit, 'record' | 'kind'>,
  field: string,
  edit: { readonly value: Json; readonly saw: readonly ChangeId[] },
): RecordEdit {
  return { record, kind, op: 'update', fields: { [field]: { value: edit.value, saw: [...edit.saw] } } };
}

/** What turns one set into another, as a `set` field wants it. */
export function setEdit(
  before: readonly string[],
  after: readonly string[],
): { add: string[]; remove: string[] } {
  return {
    add: after.filter((element) => !before.includes(element)),
    remove: before.filter((element) => !after.includes(element)),
  };
}

/** Hides a record; everything stays in the history. */
export function removeRecord({ record, kind }: Pick<RecordEdit, 'record' | 'kind'>): RecordEdit {
  return { record, kind, op: 'remove', fields: {} };
}

/** Brings a record back; `saw` are the removals in view. */
export function restoreRecord(
  target: Pick<RecordEdit, 'record' | 'kind'>,
  saw: readonly ChangeId[],
): RecordEdit {
  return editField(target, removedField, { value: false, saw });
}

export function sendEdits(caseId: CaseId, ...edits: readonly RecordEdit[]): Promise<EditResult> {
  const input: InputOf<'cases.edit'> = { caseId, edits: [...edits] };
  return client.call('cases.edit', input);
}

function editedFields(values: Values, saw: RecordItem['saw']): RecordEdit['fields'] {
  const fields: RecordEdit['fields'] = {};
  for (const [field, value] of Object.entries(values)) {
    if (value !== undefined) fields[field] = { value, saw: [...(saw[field] ?? [])] };
  }
  return fields;
}
