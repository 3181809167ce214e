/**
 * What was done with access, devices and codes. One log per tenant, each entry chained to the one before, as
 * `shared/integrity/checkpoint.ts` says. An entry is canonical JSON of ids and codes; nothing a person wrote about a
 * case is in it.
 */
import { sql } from 'kysely';
import { nodeCrypto } from '../../platform/crypto.ts';
import type { Compartment } from '../../shared/domain/sections.ts';
import type { CaseId, DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import { extendAudit } from '../../shared/integrity/checkpoint.ts';
import { canonical } from '../../shared/sync/canonical.ts';
import type { Trx } from '../db/scope.ts';

export type AuditType =
  | 'tenant.created'
  | 'tenant.changed'
  | 'user.created'
  | 'user.changed'
  | 'code.minted'
  | 'device.enrolled'
  | 'device.registered'
  | 'device.revoked'
  | 'device.quarantined'
  | 'device.succeeded'
  | 'device.signed-in'
  | 'device.wiped'
  | 'device.reported'
  | 'lease.taken'
  | 'lease.ended'
  | 'share.deposited'
  | 'share.released'
  | 'share.withheld'
  | 'packet.exported'
  | 'packet.kept'
  | 'vault.recovered'
  | 'vault.wiped'
  | 'access.granted'
  | 'access.revoked'
  | 'glass.broken'
  | 'glass.ended'
  | 'case.exported'
  | 'audit.exported'
  | 'case.destroyed';

export interface AuditEntry {
  readonly type: AuditType;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly user?: UserId;
  readonly device?: DeviceId;
  readonly case?: CaseId;
  readonly about?: UserId;
  readonly successor?: DeviceId;
  /** SHA-256 of what was given out, base64url. */
  readonly digest?: string;
  readonly compartment?: Compartment;
  /** Why, where a reason has to be given: a code, never words. */
  readonly reason?: string;
}

/** Adds entries as part of the transaction. The head stays locked until the commit, so call it last. */
export async function writeAudit(
  trx: Trx,
  tenant: TenantId,
  ...entries: readonly AuditEntry[]
): Promise<void> {
  if (entries.length === 0) return;
  const { rows } = await sql<{ position: number; hash: Uint8Array }>`
    insert into audit_heads (tenant_id, position, hash) values (${tenant}, 0, ${Buffer.alloc(32)})
    on conflict (tenant_id) do update set position = audit_heads.position returning position, hash`.execute(
    trx,
  );
  const start = rows[0];
  if (start === undefined) throw new Error('the audit log has no head');
  let { position, hash } = start;
  const lines = entries.map((entry) => {
    const text = canonical({ ...entry });
    hash = extendAudit(hash, text, nodeCrypto);
    position += 1;
    return { position, text, hash: Buffer.from(hash) };
  });
  await sql`
    with added as (
      insert into audit (tenant_id, position, entry, hash)
      select ${tenant}::uuid, * from unnest(${lines.map((line) => line.position)}::int[],
        ${lines.map((line) => line.text)}::text[], ${lines.map((line) => line.hash)}::bytea[])
    )
    update audit_heads set position = ${position}, hash = ${Buffer.from(hash)} where tenant_id = ${tenant}
  `.execute(trx);
}
