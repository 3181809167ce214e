/** One file, checked by itself and against the witness. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { nodeCrypto } from '../../platform/crypto.ts';
import { fromBase64Url } from '../../shared/bytes.ts';
import { caseIdSchema, type TenantId } from '../../shared/ids.ts';
import { type AuditFile, readAuditFile, verifyAudit } from '../../shared/integrity/auditFile.ts';
import type { Break } from '../../shared/integrity/breaks.ts';
import { type ChainFile, readChainFile } from '../../shared/integrity/chainFile.ts';
import { verifyChain } from '../../shared/integrity/verifyChain.ts';
import { type Root, verifyRoots } from '../../shared/integrity/verifyRoots.ts';
import { hourOf, type SignedStatement, signedStatementSchema } from '../../shared/integrity/witness.ts';
import { type SignedHead, signedHeadSchema } from '../../shared/sync/log.ts';
import { inWords } from './words.ts';

export interface Options {
  readonly 'service-key'?: string | undefined;
  readonly case?: string | undefined;
  /** Folder with `roots/` in it. */
  readonly witness?: string | undefined;
  /** File with signed heads. */
  readonly seen?: string | undefined;
}

export interface Told {
  readonly exitCode: 0 | 1 | 2;
  readonly lines: readonly string[];
}

const sound = (...lines: readonly string[]): Told => ({ exitCode: 0, lines });
const broken = (...lines: readonly string[]): Told => ({ exitCode: 1, lines });
const unchecked = (line: string): Told => ({ exitCode: 2, lines: [line] });

/** Never throws for what is in a file. */
export async function check(file: string, options: Options): Promise<Told> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return unchecked(`${file}: cannot be read.`);
  const expected = await readExpectation(options);
  if (typeof expected === 'string') return unchecked(expected);
  const isAudit = text.startsWith('{"type":"audit"');
  const read = isAudit ? readAuditFile(text) : readChainFile(text);
  if ('unreadableLine' in read) {
    return broken(`${file}: ${inWords({ kind: 'unreadable', position: read.unreadableLine }, 'line')}`);
  }
  const verdict =
    read.head.type === 'audit'
      ? verifyAudit(read as AuditFile, expected) // the first line says which of the two it is
      : verifyChain(read as ChainFile, expected);
  if (verdict.outcome === 'broken') return broken(`${file}: ${inWords(verdict.at)}`);
  const counted =
    'devices' in verdict
      ? `case ${(read as ChainFile).head.case}: ${verdict.entries} entries of ${verdict.devices} devices under ${verdict.signatures} signatures`
      : `audit log: ${verdict.entries} entries, ${verdict.checkpoints} checkpoints`;
  const lines = [`${file}: sound. ${counted}; all hashes, chains and signed heads fit.`];
  if (verdict.witnessed !== null) {
    const { statement, position } = verdict.witnessed;
    lines.push(`  The witness of ${statement.hour} names it at entry ${position}.`);
  }
  if (options['service-key'] === undefined) {
    lines.push(`  Checked against the key in the file itself: ${read.head.serviceKey}`);
    lines.push('  Give --service-key with the key you know, to be sure that it is your service’s.');
  }
  return options.witness === undefined
    ? sound(...lines)
    : againstWitness({ file, read, lines }, options.witness);
}

interface Checked {
  readonly file: string;
  readonly read: ChainFile | AuditFile;
  readonly lines: readonly string[];
}

async function againstWitness({ file, read, lines }: Checked, folder: string): Promise<Told> {
  const { tenant, serviceKey } = read.head;
  if (isOfLaptop(read) && read.witnesses.length === 0)
    return unchecked(`${file}: the laptop it comes from had not been told of a statement yet.`);
  const statements = await readStatements(folder, tenant);
  if (typeof statements === 'string') return unchecked(statements);
  const key = fromBase64Url(serviceKey) ?? new Uint8Array();
  const verdict = verifyRoots(statements, { tenant, serviceKey: key, crypto: nodeCrypto });
  if (verdict.outcome === 'broken') {
    return broken(`${folder}: ${inWords(verdict.at, 'statement')} (${verdict.hour ?? 'hour unknown'})`);
  }
  const problem = isOfLaptop(read)
    ? foreignStatement(read, verdict.roots)
    : missedStatement(read, verdict.roots);
  if (problem !== undefined) return broken(`${file}: ${inWords(unwitnessed)} (${problem})`);
  const restores = verdict.restoredAt.map(
    (hour) => `  The service was restored from a backup before ${hour}, and said so.`,
  );
  const count = verdict.roots.length;
  return sound(
    ...lines,
    `  ${count} statements of the witness follow one another without a gap.`,
    ...restores,
  );
}

const unwitnessed: Break = { kind: 'unwitnessed' };

const isOfLaptop = (read: ChainFile | AuditFile): boolean =>
  read.head.type === 'chain' && read.head.madeBy === 'laptop';

/** What a laptop was told last need not be the newest, but it has to lie there. */
function foreignStatement(read: ChainFile | AuditFile, roots: readonly Root[]): string | undefined {
  return roots.some((root) => proves(read, root)) ? undefined : 'what it names does not lie there';
}

/** The hour of the newest statement of its time, where the file does not prove it. */
function missedStatement(read: ChainFile | AuditFile, roots: readonly Root[]): string | undefined {
  const newest = roots.findLast(({ statement }) => statement.hour <= hourOf(read.head.madeAtMs));
  const isMissed = newest !== undefined && !proves(read, newest) && !isYounger(read, newest);
  return isMissed ? newest.statement.hour : undefined;
}

const proves = (read: ChainFile | AuditFile, { signed }: Root): boolean =>
  read.witnesses.some(({ statement }) => statement.text === signed.text);

/** A case that began after the statement was made is not in it. */
function isYounger(read: ChainFile | AuditFile, { statement }: Root): boolean {
  const first = read.entries[0];
  return first !== undefined && 'receivedAtMs' in first && first.receivedAtMs >= Date.parse(statement.hour);
}

async function readStatements(folder: string, tenant: TenantId): Promise<SignedStatement[] | string> {
  const inside = join(folder, 'roots', tenant);
  const names = await readdir(inside).catch(() => undefined);
  if (names === undefined) return `${inside}: there is no such folder.`;
  const found: SignedStatement[] = [];
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const signed = signedStatementSchema.safeParse(await readJson(join(inside, name)));
    if (!signed.success) return `${join(inside, name)}: is not a statement.`;
    found.push(signed.data);
  }
  return found;
}

interface Expectation {
  readonly crypto: typeof nodeCrypto;
  readonly serviceKey?: string;
  readonly caseId?: z.output<typeof caseIdSchema>;
  readonly seen?: readonly SignedHead[];
}

async function readExpectation(options: Options): Promise<Expectation | string> {
  const caseId = caseIdSchema.optional().safeParse(options.case);
  if (!caseId.success) return '--case is not the id of a case.';
  const serviceKey = z.string().length(43).optional().safeParse(options['service-key']);
  if (!serviceKey.success) return '--service-key is a public key: 43 characters.';
  const seen =
    options.seen === undefined
      ? undefined
      : z.array(signedHeadSchema).safeParse(await readJson(options.seen)).data;
  if (options.seen !== undefined && seen === undefined) return `${options.seen}: is no list of signed heads.`;
  return {
    crypto: nodeCrypto,
    ...(serviceKey.data === undefined ? {} : { serviceKey: serviceKey.data }),
    ...(caseId.data === undefined ? {} : { caseId: caseId.data }),
    ...(seen === undefined ? {} : { seen }),
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
