/** What a change must satisfy to count. Each rule depends on the change and on what its author saw, not on the order of arrival. */

import { fieldSpec } from '../../shared/domain/fields.ts';
import { kindSpec, schemaVersion } from '../../shared/domain/kinds.ts';
import { checkFieldEdit } from '../../shared/domain/validate.ts';
import { caseStatusSchema, mayMove } from '../../shared/domain/workflow.ts';
import { type ErrorCode, TmaError } from '../../shared/errors.ts';
import { type CaseId, type ChangeId, caseRecordId } from '../../shared/ids.ts';
import type { Json } from '../../shared/json.ts';
import { type ReadChange, removedField } from '../../shared/sync/change.ts';
import type { RecordState } from '../../shared/sync/merge.ts';

export interface RuleContext {
  readonly caseId: CaseId;
  /** The record before the change. */
  readonly state: RecordState | undefined;
  /** The value that a change gave the case's status, where known. */
  readonly statusWrittenBy: (change: ChangeId) => Json | undefined;
}

/** Why the change may not count, or `undefined` when it may. */
export function refusalOf(change: ReadChange, context: RuleContext): ErrorCode | undefined {
  return placeRefusal(change, context) ?? fieldRefusal(change, context) ?? statusRefusal(change, context);
}

/** A record is of one kind for ever, and the case's own record is the only one of kind `case`. */
function placeRefusal({ head }: ReadChange, { caseId, state }: RuleContext): ErrorCode | undefined {
  const isCase = head.kind === 'case';
  if (isCase !== (head.record === caseRecordId(caseId))) return 'change.malformed';
  return state !== undefined && state.kind !== head.kind ? 'change.malformed' : undefined;
}

/** Fields that this program knows must hold what they may; what a newer program wrote is kept as it is. */
function fieldRefusal({ head, fields }: ReadChange, { state }: RuleContext): ErrorCode | undefined {
  const kind = kindSpec(head.kind);
  for (const [field, { value }] of Object.entries(fields)) {
    if (field === removedField) {
      if (typeof value !== 'boolean') return 'record.field-invalid';
      continue;
    }
    if (kind === undefined || head.schema > schemaVersion) continue;
    if (kind.appendOnly && state !== undefined) return 'record.field-invalid';
    if (fieldSpec(kind, field) === undefined) continue;
    try {
      checkFieldEdit(kind, field, value);
    } catch (error) {
      if (error instanceof TmaError) return error.code;
      throw error;
    }
  }
  return undefined;
}

/** A status moves only along the workflow, judged from the status its author saw. */
function statusRefusal({ head, fields }: ReadChange, context: RuleContext): ErrorCode | undefined {
  if (head.kind !== 'case' || !Object.hasOwn(fields, 'status')) return undefined;
  const to = caseStatusSchema.safeParse(fields.status?.value);
  const seen = (fields.status?.saw ?? []).map(context.statusWrittenBy).filter((value) => value !== undefined);
  // A first status, or one that only a newer program knows, is not for this rule to judge.
  if (!to.success || seen.length === 0) return undefined;
  const isAllowed = seen.some((value) => {
    const from = caseStatusSchema.safeParse(value);
    return !from.success || from.data === to.data || mayMove(from.data, to.data);
  });
  return isAllowed ? undefined : 'case.transition-refused';
}
