/**
 * The audit log of a tenant as a file to be checked by anybody, and the check. Newline-delimited JSON:
 *
 *   {"type":"audit","version":1,"tenant","serviceKey","epoch","madeAtMs","entries"}   the first line
 *   {"type":"entry","position","entry","hash"}           the text that was hashed, see `checkpoint.ts`
 *   {"type":"checkpoint","position","hash","sig"}        a signature of the service
 *   {"type":"witness","statement","proof"}               leaf 0 of a statement, see `witness.ts`
 *   {"type":"end","entries"}                             the last line
 */
import { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../bytes.ts';
import { tenantIdSchema } from '../ids.ts';
import { zeroHash } from '../sync/change.ts';
import type { SyncCrypto } from '../sync/crypto.ts';
import { type Break, type BreakKind, Broken, unlessBroken } from './breaks.ts';
import { checkpointSchema, extendAudit, isCheckpointSigned } from './checkpoint.ts';
import {
  auditLeaf,
  inclusionSchema,
  isIncluded,
  readStatement,
  signedStatementSchema,
  type WitnessStatement,
} from './witness.ts';

const hash = z.string().length(43);
const count = z.int().nonnegative();

const headLine = z.strictObject({
  type: z.literal('audit'),
  version: z.literal(1),
  tenant: tenantIdSchema,
  serviceKey: hash,
  epoch: z.string(),
  madeAtMs: count,
  entries: count,
});
const auditLineSchema = z.discriminatedUnion('type', [
  headLine,
  z.strictObject({
    type: z.literal('entry'),
    position: z.int().positive(),
    entry: z.string().max(8_192),
    hash,
  }),
  checkpointSchema.extend({ type: z.literal('checkpoint') }),
  z.strictObject({
    type: z.literal('witness'),
    statement: signedStatementSchema,
    proof: inclusionSchema,
  }),
  z.strictObject({ type: z.literal('end'), entries: count }),
]);
export type AuditLine = z.infer<typeof auditLineSchema>;
type Of<T extends AuditLine['type']> = Extract<AuditLine, { type: T }>;

export interface AuditFile {
  readonly head: Of<'audit'>;
  readonly entries: readonly Of<'entry'>[];
  readonly checkpoints: readonly Of<'checkpoint'>[];
  readonly witnesses: readonly Of<'witness'>[];
  readonly end: Of<'end'> | undefined;
}

/** The file, or the number of the first line that is none of it. */
export function readAuditFile(text: string): AuditFile | { readonly unreadableLine: number } {
  const lines: AuditLine[] = [];
  for (const [index, one] of text.split('\n').entries()) {
    if (one.trim() === '') continue;
    const line = parseLine(one);
    if (line === undefined) return { unreadableLine: index + 1 };
    lines.push(line);
  }
  const [head] = lines;
  if (head?.type !== 'audit') return { unreadableLine: 1 };
  const of = <T extends AuditLine['type']>(type: T) =>
    lines.filter((line): line is Of<T> => line.type === type);
  const last = lines.at(-1);
  return {
    head,
    entries: of('entry'),
    checkpoints: of('checkpoint'),
    witnesses: of('witness'),
    end: last?.type === 'end' ? last : undefined,
  };
}

export interface SoundAudit {
  readonly outcome: 'sound';
  readonly entries: number;
  readonly checkpoints: number;
  readonly witnessed: { readonly statement: WitnessStatement; readonly position: number } | null;
}
export type AuditVerdict = SoundAudit | { readonly outcome: 'broken'; readonly at: Break };

export interface AuditExpectation {
  readonly crypto: SyncCrypto;
  /** From elsewhere than the file; left out, the file's own key is believed. */
  readonly serviceKey?: string;
}

/** Checks it from its first entry on; what is reported is the first break. */
export function verifyAudit(file: AuditFile, { crypto, serviceKey }: AuditExpectation): AuditVerdict {
  return unlessBroken((): SoundAudit => {
    const { head } = file;
    if (serviceKey !== undefined && serviceKey !== head.serviceKey) fail('swapped');
    const by = { serviceKey: fromBase64Url(head.serviceKey) ?? new Uint8Array(), crypto };
    const forged = file.checkpoints.find((one) => !isCheckpointSigned(head.tenant, one, by));
    if (forged !== undefined) fail('signature', forged.position);
    const hashes = follow(file, crypto);
    checkEnd(file, hashes);
    const witnessed = checkWitnesses(file, { hashes, ...by });
    return {
      outcome: 'sound',
      entries: hashes.length - 1,
      checkpoints: file.checkpoints.length,
      witnessed,
    };
  });
}

/** The hash of the log at each position, from 0. */
function follow({ entries, checkpoints }: AuditFile, crypto: SyncCrypto): readonly string[] {
  const hashes: string[] = [zeroHash];
  const signedAt = Map.groupBy(checkpoints, (one) => one.position);
  let before = fromBase64Url(zeroHash) ?? new Uint8Array();
  for (const { position, entry, hash: told } of entries) {
    const wanted = hashes.length;
    if (position !== wanted) {
      const comesLater = entries.some((other) => other.position === wanted);
      fail(position < wanted || comesLater ? 'reordered' : 'omitted', Math.min(position, wanted));
    }
    before = extendAudit(before, entry, crypto);
    const reached = toBase64Url(before);
    if (reached !== told || signedAt.get(position)?.some((one) => one.hash !== reached) === true)
      fail('edited', position);
    hashes.push(reached);
  }
  return hashes;
}

function checkEnd({ head, end, checkpoints }: AuditFile, hashes: readonly string[]): void {
  const last = hashes.length - 1;
  if (checkpoints.some((one) => one.position > last)) fail('truncated', last + 1);
  if (end === undefined || end.entries > last || head.entries > last) fail('truncated', last + 1);
  if (!checkpoints.some((one) => one.position === last)) fail('truncated', last + 1);
}

interface Witnessing {
  readonly hashes: readonly string[];
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
}

function checkWitnesses(
  { head, witnesses }: AuditFile,
  { hashes, serviceKey, crypto }: Witnessing,
): SoundAudit['witnessed'] {
  let newest: SoundAudit['witnessed'] = null;
  for (const { statement: signed, proof } of witnesses) {
    const statement = readStatement(signed, serviceKey, crypto);
    if (statement === undefined) fail('signature');
    if (statement.tenant !== head.tenant) fail('swapped');
    const { audit, root } = statement;
    const fits = proof.index === 0 && proof.size === statement.cases + 1;
    if (!fits || !isIncluded(auditLeaf(head.tenant, audit), { root, proof }, crypto))
      fail('unproved', audit.position);
    if (audit.position >= hashes.length) fail('rolled-back', hashes.length);
    if (hashes[audit.position] !== audit.hash) fail('forked', audit.position);
    if (newest === null || newest.statement.hour < statement.hour)
      newest = { statement, position: audit.position };
  }
  return newest;
}

function fail(kind: BreakKind, position?: number): never {
  throw new Broken(position === undefined ? { kind } : { kind, position });
}

function parseLine(text: string): AuditLine | undefined {
  try {
    return auditLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
