import type { Json } from '../../../shared/json.ts';

type Values = Readonly<Record<string, Json | undefined>>;

/** The fields of `after` that differ from `before`: only what a person changed becomes an edit. */
export function changedOf(before: Values, after: Values): Values {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([field, value]) => JSON.stringify(value ?? null) !== JSON.stringify(before[field] ?? null),
    ),
  );
}
