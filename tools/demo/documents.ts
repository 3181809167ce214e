/** Small files for the demo cases, made here: a letter, a mail, a sketch of a car park. Nobody in them exists. */
import { crc32, deflateSync } from 'node:zlib';

/** The file that belongs to a name: `.pdf`, `.eml` and `.png`. Throws for another ending. */
export function documentOf(name: string, lines: readonly string[]): Buffer {
  if (name.endsWith('.pdf')) return letter(lines);
  if (name.endsWith('.eml')) return Buffer.from(`${lines.join('\r\n')}\r\n`);
  if (name.endsWith('.png')) return sketch();
  throw new Error(`no demo document ends like ${name}`);
}

export const mediaTypeOf: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  eml: 'message/rfc822',
  png: 'image/png',
};

/** One page of text in Helvetica. PDF 1.4, as in the first example of its appendix on simple text. */
function letter(lines: readonly string[]): Buffer {
  const shown = lines.map((line) => `(${line.replaceAll(/[\\()]/g, '\\$&')}) Tj T*`).join('\n');
  const text = Buffer.from(`BT /F 12 Tf 16 TL 72 760 Td\n${shown}\nET`, 'latin1');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text.toString('latin1')}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + table + trailer, 'latin1');
}

const width = 640;
const height = 400;
const paper = 255;

/** Two rows of parking places seen from above, two of them marked. 8-bit grey, PNG. */
function sketch(): Buffer {
  const rows = Buffer.alloc(height * (width + 1), paper);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  const fill = (box: readonly [x: number, y: number, wide: number, high: number], shade: number) => {
    const [x, y, wide, high] = box;
    for (let row = y; row < y + high; row++)
      rows.fill(shade, row * (width + 1) + 1 + x, row * (width + 1) + 1 + x + wide);
  };
  fill([20, 20, 600, 4], 60);
  fill([20, 376, 600, 4], 60);
  for (let place = 0; place <= 10; place++) {
    fill([20 + place * 60, 20, 3, 120], 60);
    fill([20 + place * 60, 260, 3, 120], 60);
  }
  for (const place of [3, 4]) fill([30 + place * 60, 45, 40, 75], 120);
  fill([20, 196, 600, 2], 190);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
