/**
 * What may not be written any more, or not by everybody, whoever's program it is. Pure.
 *
 * | of            | rule                                                                                   |
 * |---------------|----------------------------------------------------------------------------------------|
 * | `assessment`  | once signed nothing of it changes; what is contested may be settled                     |
 * | its signature | is the author's own; where two stand, one of them may be agreed on                      |
 * | `evidence`    | what it is never changes; a description may                                             |
 * | `case`        | a level is decided with a rationale, unless a contested one is settled                  |
 * | its maker     | who took a report, began an assessment or broke the glass is who wrote it               |
 * | `glass`       | says what it opens and why, and stays                                                   |
 */
import type { ErrorCode } from '../errors.ts';
import type { UserId } from '../ids.ts';
import type { Json } from '../json.ts';
import { settledEvidenceFields } from './kinds/evidence.ts';
import { concernLevelSchema } from './levels.ts';
import { compartmentSchema } from './sections.ts';

export interface FrozenEdit {
  readonly kind: string;
  readonly author: UserId;
  readonly fields: Readonly<Record<string, { readonly value: Json; readonly saw: readonly unknown[] }>>;
}

export interface Standing {
  /** The record before the edit; `undefined` when it is new. */
  readonly view:
    | { readonly values: Readonly<Record<string, Json>>; readonly contested: readonly string[] }
    | undefined;
  /** The values that stand for a field. */
  readonly heads: Readonly<Record<string, readonly { readonly value: Json }[]>>;
}

/** Why the edit may not count, or `undefined` when it may. */
export function frozenRefusal(edit: FrozenEdit, standing: Standing): ErrorCode | undefined {
  switch (edit.kind) {
    case 'assessment':
      return (
        signedRefusal(edit, standing) ?? signatureRefusal(edit, standing) ?? makerRefusal(edit, 'startedBy')
      );
    case 'evidence':
      return evidenceRefusal(edit, standing);
    case 'case':
      return levelRefusal(edit, standing);
    case 'report':
      return makerRefusal(edit, 'takenBy');
    case 'glass':
      return glassRefusal(edit) ?? makerRefusal(edit, 'by');
    default:
      return undefined;
  }
}

function signedRefusal({ fields }: FrozenEdit, { view }: Standing): ErrorCode | undefined {
  const isSigned = (view?.values.signature ?? null) !== null;
  const isResolution = Object.keys(fields).every((field) => view?.contested.includes(field) === true);
  return isSigned && !isResolution ? 'assessment.signed' : undefined;
}

function signatureRefusal({ fields, author }: FrozenEdit, standing: Standing): ErrorCode | undefined {
  const value = fields.signature?.value ?? null;
  if (value === null) return undefined;
  const isOwn = typeof value === 'object' && 'by' in value && value.by === author;
  const agreedOn = standing.view?.contested.includes('signature') === true;
  const text = JSON.stringify(value);
  const stands = (standing.heads.signature ?? []).some((head) => JSON.stringify(head.value) === text);
  return isOwn || (agreedOn && stands) ? undefined : 'record.field-invalid';
}

function evidenceRefusal({ fields }: FrozenEdit, { view }: Standing): ErrorCode | undefined {
  if (view === undefined) return undefined;
  return Object.keys(fields).some((field) => settledEvidenceFields.has(field))
    ? 'evidence.settled'
    : undefined;
}

function levelRefusal({ fields }: FrozenEdit, { view }: Standing): ErrorCode | undefined {
  const { level, levelRationale } = fields;
  // Who names several changes settles what was contested when they wrote.
  const settles = view?.contested.includes('level') === true || (level?.saw.length ?? 0) > 1;
  // A level that only a newer program knows is not for this rule to judge.
  if (level === undefined || settles || !concernLevelSchema.safeParse(level.value).success) return undefined;
  const rationale = levelRationale?.value;
  const isBlank = typeof rationale !== 'string' || rationale.trim() === '';
  return isBlank ? 'assessment.rationale-missing' : undefined;
}

function glassRefusal({ fields }: FrozenEdit): ErrorCode | undefined {
  const { compartment, reason, by } = fields;
  if (!compartmentSchema.safeParse(compartment?.value).success || typeof by?.value !== 'string')
    return 'record.field-invalid';
  const isBlank = typeof reason?.value !== 'string' || reason.value.trim() === '';
  return isBlank ? 'glass.reason-missing' : undefined;
}

function makerRefusal({ fields, author }: FrozenEdit, field: string): ErrorCode | undefined {
  const value = fields[field]?.value ?? null;
  return value === null || value === author ? undefined : 'record.field-invalid';
}
