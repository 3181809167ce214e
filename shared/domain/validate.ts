import { TmaError } from '../errors.ts';
import type { Json } from '../json.ts';
import { fieldSpec, type KindSpec, setEditSchema } from './fields.ts';

/**
 * Checks what a person entered for one field before it becomes a change.
 * Throws `record.field-unknown` or `record.field-invalid` (params: field).
 */
export function checkFieldEdit(kind: KindSpec, field: string, value: Json): Json {
  const spec = fieldSpec(kind, field);
  if (spec === undefined) throw new TmaError('record.field-unknown', { field });
  if (spec.policy !== 'set') return checked(spec.schema, field, value);
  const edit = setEditSchema.safeParse(value);
  if (!edit.success) throw new TmaError('record.field-invalid', { field }, edit.error);
  for (const element of [...edit.data.add, ...edit.data.remove]) checked(spec.schema, field, element);
  return { add: edit.data.add, remove: edit.data.remove };
}

function checked(schema: KindSpec['fields'][string]['schema'], field: string, value: Json): Json {
  const result = schema.safeParse(value);
  if (!result.success) throw new TmaError('record.field-invalid', { field }, result.error);
  return result.data as Json; // field schemas describe JSON values only
}
