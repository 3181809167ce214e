/**
 * What a change must satisfy to count: the same function on the laptop, which asks before it writes, and on the
 * service, which decides and believes no client. Pure.
 *
 * Most rules depend on the change and on what its author saw, not on the order of arrival. What is frozen (a signed
 * assessment, a piece of evidence) is judged by what stands in the log: an edit that was written apart from the
 * signature and arrives after it is kept and readable, and does not change what was signed.
 */
import { fieldSpec } from '../domain/fields.ts';
import { frozenRefusal } from '../domain/frozen.ts';
import { kindSpec, schemaVersion } from '../domain/kinds.ts';
import { checkFieldEdit } from '../domain/validate.ts';
import { caseStatusSchema, mayMove } from '../domain/workflow.ts';
import { type ErrorCode, TmaError } from '../errors.ts';
import { type CaseId, type ChangeId, caseRecordId, type UserId } from '../ids.ts';
import type { Json } from '../json.ts';
import { type ChangeFields, type ChangeHead, removedField } from './change.ts';
import type { RecordState } from './merge.ts';
import { viewRecord } from './view.ts';

export interface RuleContext {
  readonly caseId: CaseId;
  /** Whose change it is. */
  readonly author: UserId;
  /** The record before the change. */
  readonly state: RecordState | undefined;
  /** The value that a change gave the case's status, where known. */
  readonly statusWrittenBy: (change: ChangeId) => Json | undefined;
}

/** A change as far as the rules look at it. */
export interface JudgedChange {
  readonly head: Pick<ChangeHead, 'kind' | 'record' | 'op' | 'schema'>;
  readonly fields: ChangeFields;
}

/** Why the change may not count, or `undefined` when it may. */
export function refusalOf(change: JudgedChange, context: RuleContext): ErrorCode | undefined {
  return (
    placeRefusal(change, context) ??
    fieldRefusal(change, context) ??
    statusRefusal(change, context) ??
    contentRefusal(change, context)
  );
}

/** A record is of one kind for ever; the case's own record is the only one of kind `case`, and it stays. */
function placeRefusal({ head, fields }: JudgedChange, { caseId, state }: RuleContext): ErrorCode | undefined {
  const isCase = head.kind === 'case';
  if (isCase !== (head.record === caseRecordId(caseId))) return 'change.malformed';
  if (isCase && fields[removedField]?.value === true) return 'change.malformed';
  return state !== undefined && state.kind !== head.kind ? 'change.malformed' : undefined;
}

/** Fields that this program knows must hold what they may; what a newer program wrote is kept as it is. */
function fieldRefusal({ head, fields }: JudgedChange, { state }: RuleContext): ErrorCode | undefined {
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
function statusRefusal({ head, fields }: JudgedChange, context: RuleContext): ErrorCode | undefined {
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

function contentRefusal(
  { head, fields }: JudgedChange,
  { author, state }: RuleContext,
): ErrorCode | undefined {
  const view = state === undefined ? undefined : viewRecord(state);
  return frozenRefusal({ kind: head.kind, author, fields }, { view, heads: state?.registers ?? {} });
}
