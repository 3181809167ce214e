/**
 * S06: the audit log of a tenant on the service, and the heads of it that the service signs. Each entry is chained to
 * the one before; a checkpoint fixes all that came up to it.
 *
 *   hash[0] = 32 zero bytes          hash[p] = SHA-256("tma/audit/1" ‖ hash[p-1] ‖ entry)
 *   sig     = Ed25519("tma/audit-checkpoint/1" ‖ tenant(16) ‖ position(8) ‖ hash(32)), by the key that signs heads
 *
 * An entry is canonical JSON of ids, codes and numbers; nothing a person wrote about a case is in it.
 */
import { z } from 'zod';
import { concat, fromBase64Url, toBase64Url, u64, utf8, uuidBytes } from '../bytes.ts';
import type { TenantId } from '../ids.ts';
import { hashBytes } from '../sync/change.ts';
import type { Signer, SyncCrypto } from '../sync/crypto.ts';

export const checkpointSchema = z.strictObject({
  position: z.int().nonnegative(),
  hash: z.string().length(43),
  sig: z.string().length(86),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

interface AuditHead {
  readonly tenant: TenantId;
  readonly position: number;
  readonly hash: string;
}

/** The hash of the log after one more entry. */
export function extendAudit(
  hash: Uint8Array,
  entry: string,
  { sha256 }: Pick<SyncCrypto, 'sha256'>,
): Uint8Array {
  return sha256(utf8('tma/audit/1'), hash, utf8(entry));
}

export function signCheckpoint(head: AuditHead, signer: Signer): Checkpoint {
  const { position, hash } = head;
  return { position, hash, sig: toBase64Url(signer.sign(message(head))) };
}

export function isCheckpointSigned(
  tenant: TenantId,
  { position, hash, sig }: Checkpoint,
  { serviceKey, crypto }: { readonly serviceKey: Uint8Array; readonly crypto: Pick<SyncCrypto, 'verify'> },
): boolean {
  const bytes = fromBase64Url(sig);
  return bytes !== undefined && crypto.verify(serviceKey, message({ tenant, position, hash }), bytes);
}

function message({ tenant, position, hash }: AuditHead): Uint8Array {
  return concat(utf8('tma/audit-checkpoint/1'), uuidBytes(tenant), u64(position), hashBytes(hash));
}
