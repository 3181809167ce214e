/** Which laptop asks for its share of the vault's key, while its device's key is locked away inside that vault. */
import { sql } from 'kysely';
import { fromBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { readUnlockProof } from '../../shared/sync/unlock.ts';
import { writeAudit } from '../audit/audit.ts';
import { type AuthContext, askingOf, type DeviceRow, findDevice, useProof } from '../auth/device.ts';
import { nonceEnd } from '../auth/nonce.ts';
import { writing } from '../db/scope.ts';
import type { Asking } from '../identity/required.ts';
import { noteHeard } from '../wipe/orders.ts';

export interface UnlockAsking extends Asking {
  readonly unlockKey: Uint8Array;
  /** SHA-256 of the body the proof was made for, base64url. */
  readonly bodyDigest: string;
}

interface AskedUnlock {
  /** Path and query, as sent. */
  readonly path: string;
  readonly proof: string | undefined;
}

/**
 * Checks a proof of an unlock key. A device that is kept apart may ask: its vault has to open so that it can ask for a
 * new id. Throws `auth.proof-missing`, `auth.proof-invalid`, `auth.nonce-stale`, `auth.proof-replayed`,
 * `auth.device-unknown` (no share was deposited under this key), `auth.device-revoked`, `access.denied` (the person's
 * account is closed).
 */
export async function proveUnlock(context: AuthContext, asked: AskedUnlock): Promise<UnlockAsking> {
  if (asked.proof === undefined) throw new TmaError('auth.proof-missing');
  const claims = readUnlockProof(asked.proof, context.crypto);
  const endMs = nonceEnd(claims.nonce, context.nonceKey, context.nowMs());
  if (endMs === undefined) throw new TmaError('auth.nonce-stale');
  if (claims.path !== asked.path) throw new TmaError('auth.proof-invalid');
  const unlockKey = fromBase64Url(claims.key) ?? new Uint8Array();
  const device = await deviceWith(context, unlockKey);
  const row = device === undefined ? undefined : await findDevice(context.db, device);
  if (device === undefined || row === undefined) throw new TmaError('auth.device-unknown');
  const isFirstUse = await useProof(context.db, { tenant: row.tenant_id, device, proof: claims.id, endMs });
  if (!isFirstUse) throw new TmaError('auth.proof-replayed');
  if (row.revoked) {
    await noteHeard(context, { tenant: row.tenant_id, device });
    await noteWithheld(context, device, row);
    throw new TmaError('auth.device-revoked');
  }
  if (!row.active) throw new TmaError('access.denied');
  return { ...askingOf(row, device), tokenHash: undefined, unlockKey, bodyDigest: claims.body };
}

async function deviceWith({ db }: AuthContext, unlockKey: Uint8Array): Promise<DeviceId | undefined> {
  const { rows } = await sql<{ device: DeviceId | null }>`
    select tma.unlock_device(${Buffer.from(unlockKey)}) as device`.execute(db);
  return rows[0]?.device ?? undefined;
}

/** Somebody sits at a laptop that was taken back: whoever took it back should come to know. */
function noteWithheld({ db, nowMs }: AuthContext, device: DeviceId, row: DeviceRow): Promise<void> {
  const { tenant_id: tenant, user_id: user } = row;
  const atMs = nowMs();
  return writing(db, { tenant, user, duty: 'devices', nowMs: atMs }, (trx) =>
    writeAudit(trx, tenant, { type: 'share.withheld', atMs, user, device }),
  );
}
