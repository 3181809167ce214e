/**
 * What a screen may ask for, decided before anything is written; what holds against every program is in
 * `shared/sync/rules.ts`. Pure. `saw` is taken as the screen gave it:
 * what the author did not have in view is not overwritten, it becomes a conflict.
 */
import type { RecordEdit } from '../../../shared/contract/procedures.ts';
import type { KindSpec } from '../../../shared/domain/fields.ts';
import { settledEvidenceFields } from '../../../shared/domain/kinds/evidence.ts';
import { kindSpec } from '../../../shared/domain/kinds.ts';
import { checkFieldEdit } from '../../../shared/domain/validate.ts';
import { caseStatusSchema, mayMove } from '../../../shared/domain/workflow.ts';
import { TmaError } from '../../../shared/errors.ts';
import { type CaseId, caseRecordId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { type ChangeFields, type FieldEdit, removedField } from '../../../shared/sync/change.ts';
import { headsOf } from '../../../shared/sync/merge.ts';
import { type RecordView, viewRecord } from '../../../shared/sync/view.ts';
import type { ChangeDraft } from '../storage/ownChanges.ts';
import type { StoredRecord } from '../storage/storedRecord.ts';

/**
 * The change an edit asks for.
 * @throws TmaError `record.not-found`, `record.field-unknown`, `record.field-invalid`, `case.transition-refused`,
 *   `evidence.settled`, `input.invalid` for what no screen offers.
 */
export function draftEdit(caseId: CaseId, edit: RecordEdit, before: StoredRecord | undefined): ChangeDraft {
  const spec = kindSpec(edit.kind);
  if (spec === undefined) throw new TmaError('input.invalid');
  const view = before === undefined ? undefined : viewRecord(before.state);
  assertOpFits(caseId, edit, before);
  if (edit.op !== 'create' && spec.appendOnly) throw new TmaError('input.invalid');
  if (edit.kind === 'evidence' || edit.kind === 'custody') assertOnlyDescribed(edit);
  const fields = fieldsOf(spec, edit, before);
  if (edit.kind === 'assessment') assertSignatureUntouched(fields, view);
  if (fields.status !== undefined && edit.kind === 'case' && view !== undefined)
    assertTransition(fields.status, view);
  return { record: edit.record, kind: edit.kind, op: edit.op, fields };
}

function assertOpFits(caseId: CaseId, edit: RecordEdit, before: StoredRecord | undefined): void {
  const isCaseRecord = edit.record === caseRecordId(caseId);
  if (isCaseRecord !== (edit.kind === 'case')) throw new TmaError('input.invalid');
  if (edit.op === 'create') {
    if (before !== undefined) throw new TmaError('input.invalid');
    return;
  }
  if (before === undefined || before.state.kind !== edit.kind) throw new TmaError('record.not-found');
  if (edit.op === 'remove' && isCaseRecord) throw new TmaError('input.invalid');
}

function fieldsOf(spec: KindSpec, edit: RecordEdit, before: StoredRecord | undefined): ChangeFields {
  const names = Object.keys(edit.fields);
  if (edit.op === 'remove') {
    if (names.length > 0 || before === undefined) throw new TmaError('input.invalid');
    return { [removedField]: { value: true, saw: [...headsOf(before.state)] } };
  }
  if (names.length === 0) throw new TmaError('input.invalid');
  return Object.fromEntries(
    Object.entries(edit.fields).map(([name, { value, saw }]) => [
      name,
      { value: name === removedField ? keptVisible(edit, value) : checkFieldEdit(spec, name, value), saw },
    ]),
  );
}

/** The answer "keep it" to a record that was edited beside its removal; "remove it" is a removal. */
function keptVisible(edit: RecordEdit, value: Json): Json {
  if (edit.op !== 'update' || value !== false)
    throw new TmaError('record.field-invalid', { field: removedField });
  return value;
}

/** Files come, go and leave by procedures of their own, which say why; here is edited what is said about them. */
function assertOnlyDescribed(edit: RecordEdit): void {
  const isDescription = Object.keys(edit.fields).every((field) => !settledEvidenceFields.has(field));
  if (edit.kind === 'custody' || edit.op !== 'update' || !isDescription)
    throw new TmaError('evidence.settled');
}

/** Signing is a procedure of its own; here a signature can only be agreed on where two stand. */
function assertSignatureUntouched(fields: ChangeFields, view: RecordView | undefined): void {
  if (fields.signature !== undefined && view?.contested.includes('signature') !== true) {
    throw new TmaError('record.field-invalid', { field: 'signature' });
  }
}

/** A contested status may be settled on either value; otherwise only a step the workflow knows. */
function assertTransition(edit: FieldEdit, view: RecordView): void {
  const from = caseStatusSchema.safeParse(view.values.status ?? null);
  const to = caseStatusSchema.safeParse(edit.value);
  if (!to.success) throw new TmaError('record.field-invalid', { field: 'status' });
  if (!from.success || view.contested.includes('status') || from.data === to.data) return;
  if (!mayMove(from.data, to.data)) {
    throw new TmaError('case.transition-refused', { from: from.data, to: to.data });
  }
}

export function isBlank(value: Json | undefined): boolean {
  return typeof value !== 'string' || value.trim() === '';
}
