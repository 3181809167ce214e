/**
 * Lists as PostgreSQL takes them in binary, for parameters that a statement casts to the type of the list
 * (`unnest(${texts(words)}::text[])`). Written into one buffer here and read there without being parsed; as text each
 * element would be quoted and escaped, and bytes would travel as hexadecimal.
 *
 *   dimensions(4) ‖ whether any is null(4) ‖ type of the elements(4) ‖ how many(4) ‖ index of the first(4)
 *   for each: bytes(4), -1 for null ‖ the element as its type's `recv` takes it
 *
 * Source: PostgreSQL, src/backend/utils/adt/arrayfuncs.c (`array_recv`); types by src/include/catalog/pg_type.dat.
 */

const headerBytes = 20;
const lengthBytes = 4;
const none = -1;

interface ElementType<T> {
  /** Its number in pg_type. */
  readonly oid: number;
  readonly bytesOf: (value: T) => number;
  readonly write: (into: Buffer, at: number, value: T) => void;
}

function listOf<T>(type: ElementType<T>): (values: readonly (T | null)[]) => Buffer {
  return (values) => {
    const sizes = values.map((value) => (value === null ? none : type.bytesOf(value)));
    const bytes = sizes.reduce((sum, size) => sum + lengthBytes + Math.max(size, 0), headerBytes);
    const list = Buffer.allocUnsafe(bytes);
    const header = [1, sizes.includes(none) ? 1 : 0, type.oid, values.length, 1];
    for (const [at, number] of header.entries()) list.writeInt32BE(number, lengthBytes * at);
    let at = headerBytes;
    for (const [i, size] of sizes.entries()) {
      const value = values[i];
      at = list.writeInt32BE(size, at);
      if (value === null || value === undefined) continue;
      type.write(list, at, value);
      at += size;
    }
    return list;
  };
}

export const uuids = listOf<string>({
  oid: 2950,
  bytesOf: () => 16,
  write: (into, at, id) => void into.write(id.replaceAll('-', ''), at, 'hex'),
});

/** Whole numbers of 32 bits. */
export const integers = listOf<number>({
  oid: 23,
  bytesOf: () => 4,
  write: (into, at, number) => void into.writeInt32BE(number, at),
});

/** Whole numbers up to 2^53, as 64 bits. */
export const bigints = listOf<number>({
  oid: 20,
  bytesOf: () => 8,
  write: (into, at, number) => {
    into.writeInt32BE(Math.floor(number / 2 ** 32), at);
    into.writeUInt32BE(number - Math.floor(number / 2 ** 32) * 2 ** 32, at + 4);
  },
});

export const texts = listOf<string>({
  oid: 25,
  bytesOf: (text) => Buffer.byteLength(text),
  write: (into, at, text) => void into.write(text, at),
});

export const byteas = listOf<Uint8Array>({
  oid: 17,
  bytesOf: (bytes) => bytes.length,
  write: (into, at, bytes) => into.set(bytes, at),
});

/** Bytes that are at hand as base64url without padding: hashes and signatures. */
export const base64Urls = listOf<string>({
  oid: 17,
  bytesOf: (text) => Math.floor((text.length * 3) / 4),
  write: (into, at, text) => void into.write(text, at, 'base64url'),
});
