/**
 * E09: how large a message is, without serialising it. A message port clones more than JSON (maps, buffers,
 * cycles), none of which any procedure takes; the walk stops at the limit, so a hostile value costs no more
 * than a large one.
 */
export type JsonSize = 'fits' | 'too-large' | 'not-json';

const maxDepth = 64;

/** Whether `value` is JSON data of at most about `limitBytes` when written as UTF-8. */
export function jsonSize(value: unknown, limitBytes: number): JsonSize {
  let left = limitBytes;
  const stack: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const size = ownSize(next.value);
    if (size === null || next.depth > maxDepth) return 'not-json';
    left -= size;
    if (left < 0) return 'too-large';
    for (const child of children(next.value)) stack.push({ value: child, depth: next.depth + 1 });
  }
  return 'fits';
}

/** Bytes of the value itself, its keys included and its children left out; null for what JSON does not have. */
function ownSize(value: unknown): number | null {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'number':
      return Number.isFinite(value) ? 8 : null;
    case 'boolean':
      return 5;
    // An optional field that is left out may arrive as a key without a value.
    case 'undefined':
      return 1;
    case 'object':
      return value === null ? 4 : objectSize(value);
    default:
      return null;
  }
}

function objectSize(value: object): number | null {
  if (Array.isArray(value)) return 2 + value.length;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return null;
  return Object.keys(value).reduce((sum, key) => sum + key.length + 4, 2);
}

function children(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? value : Object.values(value);
}
