/** Values made to a JSON schema, with known ids among them, so that calls get past the schema and into the core. */
import fc from 'fast-check';
import type { z } from 'zod';

type Schema = z.core.JSONSchema._JSONSchema;
type ObjectSchema = Exclude<Schema, boolean>;

/** Words that mean something to the core, by the name of the field they stand in. */
export type Known = Readonly<Record<string, readonly string[]>>;

export function arbitraryOf(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  if (typeof schema === 'boolean') return fc.jsonValue();
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return fc.oneof(...options.map((option) => arbitraryOf(option, known, name)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const { type } = schema;
  if (type === 'object') return objectOf(schema, known);
  if (type === 'array') return arrayOf(schema, known, name);
  if (type === 'string') return stringOf(schema, known, name);
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'integer' || type === 'number') return numberOf(schema);
  return fc.jsonValue({ maxDepth: 3 });
}

function objectOf(schema: ObjectSchema, known: Known): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (Object.keys(properties).length === 0 && typeof additionalProperties === 'object') {
    const key = fc.constantFrom(...(known.field ?? ['x']), '__proto__', 'constructor', 'x');
    return fc.dictionary(key, arbitraryOf(additionalProperties, known), { maxKeys: 4 });
  }
  const fields = Object.entries(properties).map(([key, value]) => [key, arbitraryOf(value, known, key)]);
  const model: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(fields);
  return fc.record(model, { requiredKeys: [...required] });
}

function arrayOf({ items, minItems = 0 }: ObjectSchema, known: Known, name: string): fc.Arbitrary<unknown> {
  const item = items === undefined || Array.isArray(items) ? fc.jsonValue() : arbitraryOf(items, known, name);
  return fc.array(item, { minLength: minItems, maxLength: minItems + 3 });
}

function stringOf(schema: ObjectSchema, known: Known, name: string): fc.Arbitrary<unknown> {
  const { maxLength = 60, minLength = 0, format } = schema;
  const words = known[name] ?? (format === 'uuid' ? known.uuid : undefined);
  const dates: Readonly<Record<string, fc.Arbitrary<string>>> = {
    'date-time': fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    date: fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
    uuid: fc.uuid(),
  };
  const odd = fc.string({ minLength, maxLength: Math.min(maxLength, 60), unit: 'binary' });
  const typed = fc.constantFrom(
    "' OR 1=1 --",
    '"*" NEAR(',
    '\u0000',
    'Ünïcödé',
    '../../etc/passwd',
    '%_',
    '[]',
  );
  const made = (format === undefined ? undefined : dates[format]) ?? fc.oneof(odd, typed);
  return words === undefined ? made : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, made);
}

function numberOf({ minimum, maximum }: ObjectSchema): fc.Arbitrary<unknown> {
  const min = Math.max(minimum ?? -1_000, Number.MIN_SAFE_INTEGER);
  return fc.integer({ min, max: Math.max(min, Math.min(maximum ?? 1_000, Number.MAX_SAFE_INTEGER)) });
}
