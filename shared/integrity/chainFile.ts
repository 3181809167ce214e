/**
 * A case's log as a file to be checked by anybody, anywhere: newline-delimited JSON without a word of content. In
 * place of each payload stands its hash, which is all that the chain is made of (`shared/sync/change.ts`); so the file
 * is the same whether the content is still there or was destroyed.
 *
 *   {"type":"chain","version":1,"tenant","case","serviceKey","epoch","madeAtMs","entries","madeBy"?}   the first line
 *   {"type":"device","id","key"}                                                        before entries that need it
 *   {"type":"entry","position","device","n","head","payloadHash","hash","status","effective","receivedAtMs"}
 *   {"type":"segment","device","from","to","prev","sig"}                                a signature of that device
 *   {"type":"head","case","position","running","sig"}                                   a signature of the service
 *   {"type":"witness","statement","position","running","proof"}                         see `witness.ts`
 *   {"type":"end","entries"}                                                            the last line
 */
import { z } from 'zod';
import { caseIdSchema, deviceIdSchema, tenantIdSchema } from '../ids.ts';
import { stampSchema } from '../sync/clock.ts';
import { changeStatusSchema, signedHeadSchema } from '../sync/log.ts';
import { witnessedSchema } from './witness.ts';

const hash = z.string().length(43);
const signature = z.string().length(86);
const count = z.int().nonnegative();

export const chainHeadLineSchema = z.strictObject({
  type: z.literal('chain'),
  version: z.literal(1),
  tenant: tenantIdSchema,
  case: caseIdSchema,
  /** Verifies heads and statements; whoever checks should know it from elsewhere. */
  serviceKey: hash,
  epoch: z.string(),
  madeAtMs: count,
  entries: count,
  /** A laptop knows what the witness said when it asked last, and not what was said since. */
  madeBy: z.literal('laptop').optional(),
});
const deviceLine = z.strictObject({ type: z.literal('device'), id: deviceIdSchema, key: hash });
const entryLine = z.strictObject({
  type: z.literal('entry'),
  position: z.int().positive(),
  device: deviceIdSchema,
  n: z.int().positive(),
  head: z.string().max(8_192),
  payloadHash: hash,
  hash,
  status: changeStatusSchema,
  effective: stampSchema,
  receivedAtMs: count,
  /** Said by whoever had the content at hand and found that it does not give `payloadHash`. */
  contentAltered: z.literal(true).optional(),
});
const segmentLine = z.strictObject({
  type: z.literal('segment'),
  device: deviceIdSchema,
  from: z.int().positive(),
  to: z.int().positive(),
  prev: hash,
  sig: signature,
});
const headLine = signedHeadSchema.extend({ type: z.literal('head') });
const witnessLine = witnessedSchema.extend({ type: z.literal('witness') });
const endLine = z.strictObject({ type: z.literal('end'), entries: count });

const chainLineSchema = z.discriminatedUnion('type', [
  chainHeadLineSchema,
  deviceLine,
  entryLine,
  segmentLine,
  headLine,
  witnessLine,
  endLine,
]);
export type ChainLine = z.infer<typeof chainLineSchema>;
export type ChainHeadLine = z.infer<typeof chainHeadLineSchema>;
export type EntryLine = z.infer<typeof entryLine>;
export type SegmentLine = z.infer<typeof segmentLine>;
type Of<T extends ChainLine['type']> = Extract<ChainLine, { type: T }>;

/** The lines of one file by what they are, each kind in the order of the file. */
export interface ChainFile {
  readonly head: ChainHeadLine;
  readonly devices: readonly Of<'device'>[];
  readonly entries: readonly EntryLine[];
  readonly segments: readonly SegmentLine[];
  readonly heads: readonly Of<'head'>[];
  readonly witnesses: readonly Of<'witness'>[];
  /** Missing where the file breaks off. */
  readonly end: Of<'end'> | undefined;
}

export function chainText(lines: readonly ChainLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The file, or the number of the first line that is none of it. */
export function readChainFile(text: string): ChainFile | { readonly unreadableLine: number } {
  const lines: ChainLine[] = [];
  for (const [index, one] of text.split('\n').entries()) {
    if (one.trim() === '') continue;
    const line = parseLine(one);
    if (line === undefined) return { unreadableLine: index + 1 };
    lines.push(line);
  }
  return arrange(lines) ?? { unreadableLine: 1 };
}

/** `undefined` without a first line that says what the file is. */
export function arrange(lines: readonly ChainLine[]): ChainFile | undefined {
  const [head] = lines;
  if (head?.type !== 'chain') return undefined;
  const of = <T extends ChainLine['type']>(type: T) =>
    lines.filter((line): line is Of<T> => line.type === type);
  const last = lines.at(-1);
  return {
    head,
    devices: of('device'),
    entries: of('entry'),
    segments: of('segment'),
    heads: of('head'),
    witnesses: of('witness'),
    end: last?.type === 'end' ? last : undefined,
  };
}

function parseLine(text: string): ChainLine | undefined {
  try {
    return chainLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
