import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter, concat, fromBase64Url, toBase64Url, u32, u64, utf8, uuidBytes } from './bytes.ts';

const runs = { seed: 20_261_123, numRuns: 500 } as const;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('base64url', () => {
  it('is the text that Node writes, and reads back to the same bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(hex(fromBase64Url(text) ?? Uint8Array.of(1))).toBe(hex(bytes));
    });
    fc.assert(property, runs);
  });

  it('has one text for one value: whatever else can be read is refused', () => {
    const property = fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      const bytes = fromBase64Url(text);
      if (bytes !== undefined) expect(toBase64Url(bytes)).toBe(text);
    });
    fc.assert(property, runs);
    for (const refused of ['A', 'AB', 'AAB', 'AA==', 'AA\n', 'A+/A', ' AAA', 'ÄAAA', '😀AA']) {
      expect(fromBase64Url(refused), refused).toBeUndefined();
    }
    expect(fromBase64Url('')).toEqual(new Uint8Array());
  });
});

describe('numbers and ids as bytes', () => {
  it('are big-endian and as wide as they say', () => {
    expect(hex(u32(1))).toBe('00000001');
    expect(hex(u32(0xffff_ffff))).toBe('ffffffff');
    expect(hex(u64(1_763_880_000_000))).toBe('0000019aaf70da00');
    expect(hex(u64(Number.MAX_SAFE_INTEGER))).toBe('001fffffffffffff');
    expect(hex(uuidBytes('01900000-0000-7000-8000-0000000000ff'))).toBe(
      '0190000000007000800000000000' + '00ff',
    );
  });

  it('keep the order of the numbers', () => {
    const property = fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
      expect(Buffer.compare(u64(a), u64(b))).toBe(Math.sign(a - b));
    });
    fc.assert(property, runs);
  });

  it('are joined without a gap', () => {
    expect(hex(concat(utf8('ü'), Uint8Array.of(), Uint8Array.of(1, 2)))).toBe('c3bc0102');
    expect(concat()).toEqual(new Uint8Array());
  });
});

describe('a message that is written piece by piece', () => {
  it('has the bytes of its pieces one after the other, however large they are', () => {
    const piece = fc.record({
      text: fc.string({ unit: 'grapheme', maxLength: 300 }),
      bytes: fc.uint8Array({ maxLength: 300 }),
      small: fc.nat({ max: 0xffff_ffff }),
      large: fc.maxSafeNat(),
    });
    const property = fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const writer = new ByteWriter(16).utf8('left over').backTo(0);
      for (const { text, bytes, small, large } of pieces)
        writer.utf8(text).bytes(bytes).u32(small).u64(large);
      const parts = pieces.flatMap(({ text, bytes, small, large }) => [
        utf8(text),
        bytes,
        u32(small),
        u64(large),
      ]);
      expect(hex(writer.written())).toBe(hex(concat(...parts)));
    });
    fc.assert(property, runs);
  });
});
