import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { withPalette } from './palettePng.ts';

/** A PNG of 8-bit RGB rows, each with the filter and the bytes given. */
function rgb(width: number, rows: readonly (readonly [filter: number, ...bytes: number[]])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, 2], 8);
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const data = deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colours of a PNG with a palette, row by row. */
function coloursOf(png: Buffer): readonly string[] {
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    parts.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const [header, palette, data] = [parts.get('IHDR'), parts.get('PLTE'), parts.get('IDAT')];
  if (!header || !palette || !data) throw new Error('a chunk is missing');
  const width = header.readUInt32BE(0);
  const rows = inflateSync(data);
  return [...rows].flatMap((index, at) =>
    at % (width + 1) === 0 ? [] : [palette.toString('hex', index * 3, index * 3 + 3)],
  );
}

describe('a picture with a palette', () => {
  it('keeps every colour where there are few, whatever filters the rows had', () => {
    const png = rgb(2, [
      [0, 10, 20, 30, 40, 50, 60],
      [1, 10, 20, 30, 30, 30, 30],
      [2, 0, 0, 0, 1, 1, 1],
      [3, 5, 10, 15, 0, 0, 0],
      [4, 1, 2, 3, 4, 5, 6],
    ]);
    expect(coloursOf(withPalette(png))).toEqual([
      ...['0a141e', '28323c'],
      ...['0a141e', '28323c'],
      ...['0a141e', '29333d'],
      ...['0a141e', '19232d'],
      ...['0b1621', '1d2833'],
    ]);
  });

  it('gives rare colours the nearest frequent one', () => {
    const frequent = Array.from({ length: 256 }, (_, i) => [i, i, i]);
    const row = [...frequent, ...frequent, [100, 101, 100]];
    const colours = coloursOf(withPalette(rgb(row.length, [[0, ...row.flat()]])));
    expect(colours.at(-1)).toBe('646464');
    expect(colours[255]).toBe('ffffff');
  });

  it('refuses what is no picture of a browser', () => {
    expect(() => withPalette(Buffer.from('not a picture at all'))).toThrow('not a PNG');
  });
});
