/**
 * Canonical JSON (RFC 8785): one text for one value, so that a hash means the same everywhere.
 * Invariant: `canonical(JSON.parse(canonical(x))) === canonical(x)`.
 */
import canonicalize from 'canonicalize';
import { TmaError } from '../errors.ts';
import type { Json } from '../json.ts';

/** Deepest nesting that counts as JSON here: a bound of ours, so that it is not each machine's stack. */
const maxDepth = 64;

/** Throws `change.malformed` for what JSON cannot carry (NaN, lone surrogates) and beyond 64 levels. */
export function canonical(value: Json): string {
  if (!isWithin(value, maxDepth)) throw new TmaError('change.malformed');
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new TmaError('change.malformed', undefined, cause);
  }
  throw new TmaError('change.malformed');
}

/** Parses a text that must be canonical already. Throws `change.malformed`. */
export function parseCanonical(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json; // JSON.parse returns nothing but JSON
  } catch (cause) {
    throw new TmaError('change.malformed', undefined, cause);
  }
  if (canonical(value) !== text) throw new TmaError('change.malformed');
  return value;
}

function isWithin(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner: Json) => isWithin(inner, levels - 1));
}
