/**
 * What nearly every change looks like, recognised in a tenth of the time that its schema takes. What is not recognised
 * is left to the schema: it decides, and says what is wrong. What is recognised, the schema would take as it is.
 */
import { fieldNamePattern } from '../domain/fields.ts';
import type { Json } from '../json.ts';
import type { ChangeFields, ChangeHead } from './change.ts';

/** An id as our programs write it. */
const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const kindPattern = /^[a-z][a-zA-Z0-9-]{0,63}$/;
const mostSeen = 10_000;

type JsonObject = { readonly [key: string]: Json };

export function isUsualHead(value: Json): value is Json & ChangeHead {
  // The schema leaves that name out.
  if (!isObject(value) || Object.hasOwn(value, '__proto__')) return false;
  const { at, group, id, kind, op, record, schema, seen } = value;
  return (
    isId(id) &&
    isId(record) &&
    (group === undefined || isId(group)) &&
    typeof kind === 'string' &&
    kindPattern.test(kind) &&
    (op === 'create' || op === 'update' || op === 'remove') &&
    isCount(schema) &&
    schema > 0 &&
    isPair(at) &&
    isCount(at[0]) &&
    isCount(at[1]) &&
    at[1] <= 0xffffffff &&
    isPair(seen) &&
    isCount(seen[0]) &&
    typeof seen[1] === 'string'
  );
}

/** Of a value that was read from JSON: whatever a field holds is JSON then. */
export function areUsualFields(value: Json): value is Json & ChangeFields {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, edit]) => fieldNamePattern.test(name) && isUsualEdit(edit))
  );
}

function isUsualEdit(edit: Json): boolean {
  if (!isObject(edit) || Object.keys(edit).length !== 2 || edit.value === undefined) return false;
  const { saw } = edit;
  return Array.isArray(saw) && saw.length <= mostSeen && saw.every(isId);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPair(value: Json | undefined): value is readonly [Json, Json] {
  return Array.isArray(value) && value.length === 2;
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isId(value: Json | undefined): boolean {
  return typeof value === 'string' && idPattern.test(value);
}
