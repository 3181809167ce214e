/** Draws boxes, lines of text and arrows. Nothing is measured: a test makes sure that texts fit. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Node extends Box {
  readonly title: string;
  readonly lines: readonly string[];
  readonly look: 'edge' | 'compute' | 'data' | 'guard' | 'release' | 'person';
}

export interface Area extends Box {
  readonly title: string;
  readonly look: 'account' | 'network' | 'tier' | 'elsewhere';
}

export interface Arrow {
  /** From start to end, as the `d` of an SVG path. */
  readonly path: string;
  readonly label?: { readonly text: string; readonly x: number; readonly y: number };
  readonly look?: 'copy';
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly subtitle: string;
  readonly areas: readonly Area[];
  readonly nodes: readonly Node[];
  readonly arrows: readonly Arrow[];
}

/** Pixels of one line of text, and of one character at most: the widest of common sans-serif fonts. */
export const text = { title: 14, line: 12, titleChar: 7.9, lineChar: 6.5, lead: 17, pad: 12 } as const;

const fills: Readonly<Record<Node['look'] | Area['look'], readonly [fill: string, stroke: string]>> = {
  account: ['#ffffff', '#5b6472'],
  network: ['#f4f7fb', '#7f93ad'],
  tier: ['#ffffff', '#c3cfde'],
  elsewhere: ['#ffffff', '#8a8f98'],
  edge: ['#e8f0fe', '#3b6fd4'],
  compute: ['#fff1e0', '#c77312'],
  data: ['#e5f5ec', '#2b8a57'],
  guard: ['#f3ecfb', '#7a4fb5'],
  release: ['#eef0f3', '#5b6472'],
  person: ['#ffffff', '#2d3440'],
};

export function drawSvg(picture: Picture): string {
  const { width, height } = picture;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif" fill="#2d3440">`,
    `<title id="title">${escaped(picture.title)}</title>`,
    head,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    line({ x: 20, y: 32, size: 20, weight: 600 }, picture.title),
    line({ x: 20, y: 54, size: 13 }, picture.subtitle),
    ...picture.areas.map(drawArea),
    ...picture.arrows.map(drawArrow),
    ...picture.nodes.map(drawNode),
    ...picture.arrows.flatMap(drawLabel),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

const head =
  '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="#48505e"/></marker></defs>';

function drawArea({ title, look, ...box }: Area): string {
  const dash = look === 'network' || look === 'elsewhere' ? ' stroke-dasharray="6 4"' : '';
  return `${rect(box, look, 8, dash)}\n${line({ x: box.x + text.pad, y: box.y + 20, size: 13, weight: 600 }, title)}`;
}

function drawNode({ title, lines, look, ...box }: Node): string {
  const x = box.x + text.pad;
  const rows = lines.map((each, index) =>
    line({ x, y: box.y + 22 + (index + 1) * text.lead, size: text.line }, each),
  );
  const name = line({ x, y: box.y + 22, size: text.title, weight: 600 }, title);
  return [rect(box, look, 6, ''), name, ...rows].join('\n');
}

function drawArrow({ path, look }: Arrow): string {
  const dash = look === 'copy' ? ' stroke-dasharray="5 4"' : '';
  return `<path d="${path}" fill="none" stroke="#48505e" stroke-width="1.6"${dash} marker-end="url(#arrow)"/>`;
}

function drawLabel({ label }: Arrow): readonly string[] {
  if (label === undefined) return [];
  const { x, y, text: words } = label;
  // A white edge keeps words readable where they cross a line.
  return [
    `<text x="${x}" y="${y}" font-size="${text.line}" stroke="#ffffff" stroke-width="4" paint-order="stroke">${escaped(words)}</text>`,
  ];
}

function rect({ x, y, w, h }: Box, look: keyof typeof fills, radius: number, more: string): string {
  const [fill, stroke] = fills[look];
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1.4"${more}/>`;
}

interface Line {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight?: number;
}

function line({ x, y, size, weight = 400 }: Line, words: string): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
