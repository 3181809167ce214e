/** S06: the audit log of a tenant as a file that anybody can check. */
import { sql } from 'kysely';
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { TenantId } from '../../shared/ids.ts';
import type { AuditLine } from '../../shared/integrity/auditFile.ts';
import { writeAudit } from '../audit/audit.ts';
import { type Trx, writing } from '../db/scope.ts';
import { keepCheckpoint, lastStatement } from '../witness/statements.ts';
import { treeOf } from '../witness/tree.ts';
import type { ExportContext } from './exportChain.ts';

export type AuditExport = Omit<ExportContext, 'caseKeys'>;

const entriesPerQuery = 1_000;

/** S06: the audit log of a tenant with its checkpoints, the last at its end; that it was handed out is its last entry. */
export function exportAudit(context: AuditExport, tenant: TenantId): Promise<readonly AuditLine[]> {
  const nowMs = context.nowMs();
  return writing(context.db, { tenant, duty: 'witness', nowMs }, async (trx) => {
    await writeAudit(trx, tenant, { type: 'audit.exported', atMs: nowMs });
    const entries = await auditEntries(trx);
    const last = entries.at(-1);
    if (last === undefined) throw new TmaError('not-found');
    const { position, hash } = last;
    await keepCheckpoint(trx, context, { tenant, position, hash, signedMs: nowMs });
    return [
      {
        ...{ type: 'audit', version: 1, tenant, epoch: context.epoch, madeAtMs: nowMs },
        ...{ serviceKey: toBase64Url(context.signer.publicKey), entries: entries.length },
      },
      ...entries,
      ...(await checkpointsOf(trx, tenant)),
      ...(await witnessOf(trx, tenant)),
      { type: 'end', entries: entries.length },
    ];
  });
}

async function auditEntries(trx: Trx): Promise<readonly (AuditLine & { type: 'entry' })[]> {
  const entries: (AuditLine & { type: 'entry' })[] = [];
  for (;;) {
    const { rows } = await sql<{ position: number; entry: string; hash: Uint8Array }>`
      select position, entry, hash from tma.audit_entries(${entries.length}, ${entriesPerQuery})`.execute(
      trx,
    );
    for (const { position, entry, hash } of rows)
      entries.push({ type: 'entry', position, entry, hash: toBase64Url(hash) });
    if (rows.length < entriesPerQuery) return entries;
  }
}

async function checkpointsOf(trx: Trx, tenant: TenantId): Promise<readonly AuditLine[]> {
  const rows = await trx
    .selectFrom('audit_checkpoints')
    .select(['position', 'hash', 'sig'])
    .where('tenant_id', '=', tenant)
    .orderBy('position')
    .execute();
  return rows.map(({ position, hash, sig }) => ({
    type: 'checkpoint',
    position,
    hash: toBase64Url(hash),
    sig: toBase64Url(sig),
  }));
}

async function witnessOf(trx: Trx, tenant: TenantId): Promise<readonly AuditLine[]> {
  const signed = await lastStatement(trx, tenant);
  if (signed === undefined) return [];
  const { statement, tree } = await treeOf(trx, tenant, signed);
  const { index, size, path } = tree.pathOf(0);
  return [{ type: 'witness', statement, proof: { index, size, path: path.map(toBase64Url) } }];
}
