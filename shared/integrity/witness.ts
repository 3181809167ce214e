/**
 * The witness: once an hour the service puts the heads of all case logs of a tenant and the head of its audit log into
 * one hash tree, signs the root and has it written where nobody can change it. A log that is rewritten, shortened or
 * set back later no longer leads to a root that is already there.
 *
 *   leaf 0      "tma/witness-audit/1" ‖ tenant(16) ‖ position(8) ‖ hash(32)
 *   leaf 1 …    "tma/witness-case/1" ‖ case(16) ‖ position(8) ‖ running(32), by the case's id
 *   text        canonical JSON {audit, cases, epoch, hour, previous, root, tenant, version}
 *   sig         Ed25519("tma/witness/1" ‖ text), by the key that signs heads
 *   link        SHA-256("tma/witness-link/1" ‖ text): the `previous` of the tenant's next statement
 *
 * `hour` is its beginning, in UTC. Hours in which the service did not run have no statement; nobody may say afterwards
 * what was then. `previous` shows that none was left out, and that a service that was set back has forgotten some.
 *
 * Example of a text:
 *   {"audit":{"hash":"…","position":12},"cases":2,"epoch":"…","hour":"2026-11-28T13:00:00Z","previous":"…",
 *    "root":"…","tenant":"…","version":1}
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, u64, utf8, uuidBytes } from '../bytes.ts';
import { type CaseId, type TenantId, tenantIdSchema } from '../ids.ts';
import { canonical, parseCanonical } from '../sync/canonical.ts';
import { hashBytes } from '../sync/change.ts';
import type { Signer, SyncCrypto } from '../sync/crypto.ts';
import type { LogHead } from '../sync/log.ts';
import { rootOver } from './merkle.ts';

const hash = z.string().length(43);

/** `2026-11-28T13:00:00Z`. */
export const hourSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:00:00Z$/);

export const witnessStatementSchema = z.strictObject({
  version: z.literal(1),
  tenant: tenantIdSchema,
  hour: hourSchema,
  /** Changes when the service was restored from a backup. */
  epoch: z.string(),
  /** How many leaves are cases. */
  cases: z.int().nonnegative(),
  audit: z.strictObject({ position: z.int().nonnegative(), hash }),
  root: hash,
  /** Link to the tenant's statement before; zeros for the first. */
  previous: hash,
});
export type WitnessStatement = z.infer<typeof witnessStatementSchema>;

export const signedStatementSchema = z.strictObject({
  text: z.string().max(2_000),
  sig: z.string().length(86),
});
export type SignedStatement = z.infer<typeof signedStatementSchema>;

export const inclusionSchema = z.strictObject({
  index: z.int().nonnegative(),
  size: z.int().positive(),
  path: z.array(hash).max(64),
});
export type Inclusion = z.infer<typeof inclusionSchema>;

/** What a statement says about one case, with the proof that it does. */
export const witnessedSchema = z.strictObject({
  statement: signedStatementSchema,
  position: z.int().nonnegative(),
  running: hash,
  proof: inclusionSchema,
});
export type Witnessed = z.infer<typeof witnessedSchema>;

export function hourOf(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 13)}:00:00Z`;
}

export function caseLeaf(caseId: CaseId, head: LogHead): Uint8Array {
  return concat(utf8('tma/witness-case/1'), uuidBytes(caseId), u64(head.position), hashBytes(head.running));
}

export function auditLeaf(tenant: TenantId, audit: WitnessStatement['audit']): Uint8Array {
  return concat(utf8('tma/witness-audit/1'), uuidBytes(tenant), u64(audit.position), hashBytes(audit.hash));
}

export function signStatement(statement: WitnessStatement, signer: Signer): SignedStatement {
  const text = canonical(statement);
  return { text, sig: toBase64Url(signer.sign(message(text))) };
}

/** The statement, if the service signed it; `undefined` for everything else. */
export function readStatement(
  signed: SignedStatement,
  serviceKey: Uint8Array,
  crypto: Pick<SyncCrypto, 'verify'>,
): WitnessStatement | undefined {
  const sig = fromBase64Url(signed.sig);
  if (sig === undefined || !crypto.verify(serviceKey, message(signed.text), sig)) return undefined;
  try {
    return witnessStatementSchema.parse(parseCanonical(signed.text));
  } catch {
    return undefined;
  }
}

export function linkOf({ text }: SignedStatement, { sha256 }: Pick<SyncCrypto, 'sha256'>): string {
  return toBase64Url(sha256(utf8('tma/witness-link/1'), utf8(text)));
}

/** Whether a leaf is in the tree whose root a statement names. */
export function isIncluded(
  leaf: Uint8Array,
  { root, proof }: { readonly root: string; readonly proof: Inclusion },
  crypto: Pick<SyncCrypto, 'sha256'>,
): boolean {
  const path = proof.path.map((text) => fromBase64Url(text));
  if (path.some((bytes) => bytes?.length !== 32)) return false;
  const way = { index: proof.index, size: proof.size, path: path.flatMap((bytes) => bytes ?? []) };
  const reached = rootOver(leaf, way, crypto);
  return reached !== undefined && toBase64Url(reached) === root;
}

/** What is wrong with a proof, as a reason a person can be told. */
export type WitnessFault = 'signature' | 'inclusion';

/** The statement about a case, once its signature and the proof have been checked. */
export function checkWitnessed(
  caseId: CaseId,
  witnessed: Witnessed,
  { serviceKey, crypto }: { readonly serviceKey: Uint8Array; readonly crypto: SyncCrypto },
): WitnessStatement | WitnessFault {
  const { statement: signed, proof, position, running } = witnessed;
  const statement = readStatement(signed, serviceKey, crypto);
  if (statement === undefined) return 'signature';
  // One leaf is the audit log, all others are cases: a proof in a tree of another size proves nothing.
  const fits = proof.size === statement.cases + 1 && proof.index > 0;
  const leaf = caseLeaf(caseId, { position, running });
  return fits && isIncluded(leaf, { root: statement.root, proof }, crypto) ? statement : 'inclusion';
}

const message = (text: string): Uint8Array => concat(utf8('tma/witness/1'), utf8(text));
