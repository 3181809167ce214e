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
  if (!isSurelyCanonical(value, text) && canonical(value) !== text) throw new TmaError('change.malformed');
  return value;
}

function isWithin(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner: Json) => isWithin(inner, levels - 1));
}

/**
 * Nearly every text is the one that the engine itself writes for a value whose keys are in order, which is quickly
 * seen: what differs from RFC 8785 then is only how half a character is escaped, and those texts are left to
 * {@link canonical}. So is everything that is not surely canonical.
 */
function isSurelyCanonical(value: Json, text: string): boolean {
  return !text.includes('\\u') && isOrdered(value, maxDepth) && JSON.stringify(value) === text;
}

/** Whether every object has its keys in the order of UTF-16 code units, within so many levels. */
function isOrdered(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((inner: Json) => isOrdered(inner, levels - 1));
  let last: string | undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (last !== undefined && key <= last) return false;
    if (!isOrdered(inner, levels - 1)) return false;
    last = key;
  }
  return true;
}
