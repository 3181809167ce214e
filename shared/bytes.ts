/** Byte helpers without a runtime API: the same on the laptop, the service and in the browser. */

const encoder = new TextEncoder();
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const base64Digits = digitsOf(alphabet);
const hexDigits = digitsOf('0123456789abcdef', '0123456789ABCDEF');
const noDigit = 0xff;

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** RFC 4648 base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = left >= 3 ? 4 : left + 1;
    for (let d = 0; d < digits; d++) out += alphabet[(word >> (18 - 6 * d)) & 63];
  }
  return out;
}

/** The bytes of a base64url text, or `undefined` when it is not the one text of those bytes. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let word = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = base64Digits[text.charCodeAt(i)] ?? noDigit;
    if (digit === noDigit) return undefined;
    word = ((word << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (word >> bits) & 0xff;
    }
  }
  return text.length % 4 !== 1 && (word & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

/** The 16 bytes of a UUID in text form, which must be one: every caller's ids passed their schema. */
export function uuidBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let digits = 0;
  for (let i = 0; i < id.length; i++) {
    const digit = hexDigits[id.charCodeAt(i)] ?? noDigit;
    if (digit === noDigit) continue;
    bytes[digits >> 1] = digits % 2 === 0 ? digit << 4 : (bytes[digits >> 1] ?? 0) | digit;
    digits++;
  }
  return bytes;
}

/** Unsigned 32-bit big-endian. */
export function u32(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);
}

/** Unsigned 64-bit big-endian, for milliseconds and positions; exact up to 2^53. */
export function u64(number: number): Uint8Array {
  const high = Math.floor(number / 2 ** 32);
  return concat(u32(high), u32(number % 2 ** 32));
}

/**
 * Puts messages together piece by piece in one buffer, so that what is hashed a hundred thousand times is not
 * allocated as often. What {@link written} gives is overwritten by what is written next.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 1_024) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Forgets what was written from there on. */
  backTo(length: number): this {
    this.#length = length;
    return this;
  }

  utf8(text: string): this {
    this.#reserve(3 * text.length);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    return this;
  }

  bytes(part: Uint8Array): this {
    this.#reserve(part.length);
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
    return this;
  }

  /** Unsigned 32-bit big-endian. */
  u32(number: number): this {
    this.#reserve(4);
    for (let shift = 24; shift >= 0; shift -= 8) this.#bytes[this.#length++] = number >>> shift;
    return this;
  }

  /** Unsigned 64-bit big-endian; exact up to 2^53. */
  u64(number: number): this {
    return this.u32(Math.floor(number / 2 ** 32)).u32(number % 2 ** 32);
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A table from character code to the place of the character in any of these alphabets. */
function digitsOf(...alphabets: readonly string[]): Uint8Array {
  const table = new Uint8Array(128).fill(0xff);
  for (const one of alphabets) for (let i = 0; i < one.length; i++) table[one.charCodeAt(i)] = i;
  return table;
}
