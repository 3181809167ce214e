/**
 * Makes the statement of one hour for one tenant: exactly one, however many tasks run, because the hour is the key of
 * its row; the advisory lock only saves the others the work. The statement, the heads it names and the checkpoint of
 * the audit log are one transaction. What cannot be written to the storage now is written later, oldest first.
 */
import { sql } from 'kysely';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId, TenantId } from '../../shared/ids.ts';
import { signCheckpoint } from '../../shared/integrity/checkpoint.ts';
import { HashTree } from '../../shared/integrity/merkle.ts';
import {
  auditLeaf,
  caseLeaf,
  linkOf,
  type SignedStatement,
  signStatement,
} from '../../shared/integrity/witness.ts';
import { zeroHash } from '../../shared/sync/change.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import type { Db } from '../db/connect.ts';
import { type Trx, writing } from '../db/scope.ts';

export interface WitnessContext {
  readonly db: Db;
  readonly signer: Signer;
  readonly epoch: string;
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

/** Any 64-bit number that nobody else locks: "tma/wit". */
const witnessLock = '32771361474046324';

export async function tenantsWithout(db: Db, hour: string): Promise<readonly TenantId[]> {
  const { rows } = await sql<{ tenant: TenantId }>`
    select tma.unwitnessed(${hour}::timestamptz) as tenant`.execute(db);
  return rows.map((row) => row.tenant);
}

/** False when another task is at it, or it is there already. */
export function makeStatement(context: WitnessContext, tenant: TenantId, hour: string): Promise<boolean> {
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, duty: 'witness', nowMs }, async (trx) => {
    const { rows } = await sql<{ taken: boolean }>`
      select pg_try_advisory_xact_lock(${witnessLock}::bigint) as taken`.execute(trx);
    if (rows[0]?.taken !== true) return false;
    const last = await lastStatement(trx, tenant);
    if (last !== undefined && last.hour.getTime() >= Date.parse(hour)) return false;
    await keepMovedHeads(trx, tenant, hour);
    const heads = await headsAt(trx, tenant, hour);
    const audit = await auditHead(trx, tenant);
    const leaves = [auditLeaf(tenant, audit), ...heads.map((head) => caseLeaf(head.caseId, head))];
    const statement = signStatement(
      {
        version: 1,
        tenant,
        hour,
        epoch: context.epoch,
        cases: heads.length,
        audit,
        root: toBase64Url(new HashTree(leaves, nodeCrypto).root(nodeCrypto)),
        previous: last === undefined ? zeroHash : linkOf(last, nodeCrypto),
      },
      context.signer,
    );
    await sql`insert into witness (tenant_id, hour, text, sig)
      values (${tenant}, ${hour}::timestamptz, ${statement.text}, ${statement.sig})`.execute(trx);
    await keepCheckpoint(trx, context, { tenant, ...audit, signedMs: nowMs });
    return true;
  });
}

export type LastStatement = SignedStatement & { readonly hour: Date };

export async function lastStatement(trx: Trx, tenant: TenantId): Promise<LastStatement | undefined> {
  return trx
    .selectFrom('witness')
    .select(['hour', 'text', 'sig'])
    .where('tenant_id', '=', tenant)
    .orderBy('hour', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export interface WitnessedHead {
  readonly caseId: CaseId;
  readonly position: number;
  readonly running: string;
}

/** What the statement of an hour says about each case, in the order of its leaves. */
export async function headsAt(trx: Trx, tenant: TenantId, hour: string): Promise<readonly WitnessedHead[]> {
  const { rows } = await sql<{ case_id: CaseId; position: number; running: Uint8Array }>`
    select distinct on (case_id) case_id, position, running from witness_heads
    where tenant_id = ${tenant} and hour <= ${hour}::timestamptz order by case_id, hour desc`.execute(trx);
  return rows.map((row) => ({
    caseId: row.case_id,
    position: row.position,
    running: toBase64Url(row.running),
  }));
}

async function keepMovedHeads(trx: Trx, tenant: TenantId, hour: string): Promise<void> {
  await sql`
    insert into witness_heads (tenant_id, case_id, hour, position, running)
    select ${tenant}::uuid, case_id, ${hour}::timestamptz, position, running from tma.moved_heads()`.execute(
    trx,
  );
}

async function auditHead(trx: Trx, tenant: TenantId): Promise<{ position: number; hash: string }> {
  const row = await trx
    .selectFrom('audit_heads')
    .select(['position', 'hash'])
    .where('tenant_id', '=', tenant)
    .executeTakeFirst();
  return row === undefined
    ? { position: 0, hash: zeroHash }
    : { position: row.position, hash: toBase64Url(row.hash) };
}

interface Checkpoint {
  readonly tenant: TenantId;
  readonly position: number;
  readonly hash: string;
  readonly signedMs: number;
}

/** S06: the head of the audit log, signed; once for each position. */
export async function keepCheckpoint(
  trx: Trx,
  { signer }: Pick<WitnessContext, 'signer'>,
  { tenant, position, hash, signedMs }: Checkpoint,
): Promise<void> {
  const { sig } = signCheckpoint({ tenant, position, hash }, signer);
  await sql`
    insert into audit_checkpoints (tenant_id, position, hash, signed_ms, sig)
    values (${tenant}, ${position}, ${Buffer.from(hash, 'base64url')}, ${signedMs}, ${Buffer.from(sig, 'base64url')})
    on conflict (tenant_id, position) do nothing`.execute(trx);
}
