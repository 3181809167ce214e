/** Who a request comes from, and whether that device may still ask. S03 */
import { sql } from 'kysely';
import type { OrgRole } from '../../shared/domain/people.ts';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import { isProofSigned, readProof } from '../../shared/sync/proof.ts';
import type { Db } from '../db/connect.ts';
import type { Asking } from '../identity/required.ts';
import { tenantIdentitySchema } from '../tenantSettings.ts';
import { noteHeard } from '../wipe/orders.ts';
import { nonceEnd } from './nonce.ts';

export interface AuthContext {
  readonly db: Db;
  readonly crypto: SyncCrypto;
  readonly nonceKey: Uint8Array;
  nowMs(): number;
}

export interface AskedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  readonly proof: string | undefined;
  /** Also of a device that is kept apart: it asks for a new id. */
  readonly mayBeApart?: boolean;
}

export interface ProvenRequest extends Asking {
  /** SHA-256 of the body the proof was made for, base64url. */
  readonly bodyDigest: string;
}

export interface DeviceRow {
  readonly tenant_id: TenantId;
  readonly user_id: UserId;
  readonly role: OrgRole;
  readonly active: boolean;
  readonly public_key: Uint8Array;
  readonly revoked: boolean;
  readonly quarantined: boolean;
  readonly identity: unknown;
  readonly login: string | null;
  readonly signed_in_at: Date | null;
}

/**
 * Checks a request's proof; the body's digest is compared when the body is there. A revocation takes effect
 * here, on the device's next request, because nothing about devices is remembered between requests.
 *
 * Throws `auth.proof-missing`, `auth.proof-invalid`, `auth.nonce-stale`, `auth.proof-replayed`,
 * `auth.device-unknown`, `auth.device-revoked`, `access.denied` (the person's account is closed),
 * `change.id-reused` (the device contradicted its own chain and is kept apart).
 */
export async function proveRequest(context: AuthContext, asked: AskedRequest): Promise<ProvenRequest> {
  if (asked.proof === undefined) throw new TmaError('auth.proof-missing');
  const proof = readProof(asked.proof);
  const { claims } = proof;
  const endMs = nonceEnd(claims.nonce, context.nonceKey, context.nowMs());
  if (endMs === undefined) throw new TmaError('auth.nonce-stale');
  if (claims.method !== asked.method || claims.path !== asked.path) throw new TmaError('auth.proof-invalid');
  const row = await findDevice(context.db, claims.device);
  if (row === undefined) throw new TmaError('auth.device-unknown');
  if (!isProofSigned(proof, row.public_key, context.crypto)) throw new TmaError('auth.proof-invalid');
  const tenant = row.tenant_id;
  const isFirstUse = await useProof(context.db, { tenant, device: claims.device, proof: claims.id, endMs });
  if (!isFirstUse) throw new TmaError('auth.proof-replayed');
  if (row.revoked) {
    await noteHeard(context, { tenant, device: claims.device });
    throw new TmaError('auth.device-revoked');
  }
  if (!row.active) throw new TmaError('access.denied');
  if (row.quarantined && asked.mayBeApart !== true) throw new TmaError('change.id-reused');
  return { ...askingOf(row, claims.device), bodyDigest: claims.body, tokenHash: claims.ath };
}

/** What is known of whoever proved to be a device. */
export function askingOf(row: DeviceRow, device: DeviceId): Omit<Asking, 'tokenHash'> {
  return {
    tenant: row.tenant_id,
    user: row.user_id,
    role: row.role,
    device,
    deviceKey: row.public_key,
    identity: row.identity === null ? null : tenantIdentitySchema.parse(row.identity),
    login: row.login,
    signedInAtMs: row.signed_in_at?.getTime() ?? null,
  };
}

/** Whose device it is, whatever became of it; asked before its tenant is known. */
export async function findDevice(db: Db, device: DeviceId): Promise<DeviceRow | undefined> {
  const { rows } =
    await sql<DeviceRow>`select tenant_id, user_id, role, active, public_key, revoked, quarantined, identity, login,
    signed_in_at from tma.asking_device(${device})`.execute(db);
  return rows[0];
}

interface ProofUse {
  readonly tenant: TenantId;
  readonly device: DeviceId;
  readonly proof: string;
  readonly endMs: number;
}

/** False when the proof was used before. */
export async function useProof(db: Db, use: ProofUse): Promise<boolean> {
  const { rows } = await sql<{ first: boolean }>`
    select tma.use_proof(${use.tenant}, ${use.device}, ${use.proof}, ${new Date(use.endMs)}) as first`.execute(
    db,
  );
  return rows[0]?.first === true;
}

/** Forgets proofs whose nonces are stale by now. */
export async function forgetProofs(db: Db, nowMs: number): Promise<void> {
  await sql`select tma.forget_proofs(${new Date(nowMs)})`.execute(db);
}
