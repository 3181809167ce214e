/**
 * Screenshots as PNG with a palette, a third of the size: the 256 most frequent colours stay as they are, so every
 * surface keeps its own; what is left are the edges of letters, which take the nearest of them.
 * PNG (Portable Network Graphics) Specification, third edition, W3C 2025.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const paletteSize = 256;
/** Colour types of the specification, as far as a browser writes them. */
const bytesPerPixelOf: ReadonlyMap<number, number> = new Map([
  [2, 3],
  [6, 4],
]);
const indexed = 3;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, row by row. */
  readonly pixels: Uint32Array;
}

/** @throws {Error} for a PNG that no browser writes: interlaced, of another depth than 8 bits, or damaged. */
export function withPalette(png: Buffer): Buffer {
  const picture = decode(png);
  const palette = frequentColours(picture.pixels);
  const nearest = nearestIn(palette);
  const { width, height, pixels } = picture;
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) {
    // The first byte of a row names its filter: none, which suits a palette best.
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = nearest(pixels[y * width + x] ?? 0);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, indexed], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function frequentColours(pixels: Uint32Array): readonly number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const byCount = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return byCount.slice(0, paletteSize).map(([colour]) => colour);
}

function nearestIn(palette: readonly number[]): (colour: number) => number {
  const known = new Map(palette.map((colour, index) => [colour, index]));
  return (colour) => {
    const index = known.get(colour) ?? nearestIndex(palette, colour);
    known.set(colour, index);
    return index;
  };
}

function nearestIndex(palette: readonly number[], colour: number): number {
  const distances = palette.map((other) => distance(colour, other));
  return distances.indexOf(Math.min(...distances));
}

function distance(a: number, b: number): number {
  const part = (shift: number) => ((a >> shift) & 255) - ((b >> shift) & 255);
  return part(16) ** 2 + part(8) ** 2 + part(0) ** 2;
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function decode(png: Buffer): Picture {
  const chunks = chunksOf(png);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  const bytesPerPixel = bytesPerPixelOf.get(header?.[9] ?? -1);
  if (header === undefined || bytesPerPixel === undefined || header[8] !== 8 || header[12] !== 0) {
    throw new Error('not a PNG as a browser writes it');
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const bytes = unfiltered(inflateSync(packed), { height, stride: width * bytesPerPixel, bytesPerPixel });
  const pixels = Uint32Array.from({ length: width * height }, (_, i) =>
    bytes.readUIntBE(i * bytesPerPixel, 3),
  );
  return { width, height, pixels };
}

function chunksOf(png: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('not a PNG');
  const chunks = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

interface Layout {
  readonly height: number;
  readonly stride: number;
  readonly bytesPerPixel: number;
}

/** Undoes the filter of each row (section 9 of the specification). */
function unfiltered(rows: Buffer, { height, stride, bytesPerPixel }: Layout): Buffer {
  const out = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (stride + 1)] ?? 0;
    rows.copy(out, y * stride, y * (stride + 1) + 1, (y + 1) * (stride + 1));
    if (filter === 0) continue;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < bytesPerPixel ? 0 : (out[at - bytesPerPixel] ?? 0);
      const up = y === 0 ? 0 : (out[at - stride] ?? 0);
      const corner = y === 0 || x < bytesPerPixel ? 0 : (out[at - stride - bytesPerPixel] ?? 0);
      out[at] = (out[at] ?? 0) + predicted(filter, left, { up, corner });
    }
  }
  return out;
}

function predicted(filter: number, left: number, { up, corner }: { up: number; corner: number }): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    default:
      return paeth(left, up, corner);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
