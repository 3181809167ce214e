/**
 * Who did what on this laptop, reads too. Each entry's hash covers the one before it, so that nothing can be
 * taken out or altered unnoticed:
 *
 *   hash[0] = 32 zero bytes
 *   hash[s] = SHA-256("tma/audit/1" ‖ hash[s-1] ‖ canonical JSON {action, at_ms, case_id, detail, record_id, seq})
 *
 * An entry says which case and which record, never what is in it.
 */
import type { Kysely } from 'kysely';
import { toBase64Url, utf8 } from '../../../shared/bytes.ts';
import type { CaseId, RecordId, UserId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { canonical } from '../../../shared/sync/canonical.ts';
import { hashBytes, zeroHash } from '../../../shared/sync/change.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { VaultTables } from '../storage/tables.ts';

export type AuditAction =
  | 'vault.enrolled'
  | 'vault.unlocked'
  | 'vault.passphrase-changed'
  | 'vault.key-rotated'
  | 'vault.backed-up'
  | 'vault.salvaged'
  | 'report.taken'
  | 'report.triaged'
  | 'case.read'
  | 'case.edited'
  | 'case.history-read'
  | 'case.log-exported'
  | 'assessment.started'
  | 'assessment.signed'
  | 'evidence.added'
  | 'evidence.read'
  | 'evidence.exported'
  | 'evidence.removed'
  | 'lease.taken'
  | 'lease.returned'
  | 'lease.expired'
  | 'search.queried';

export interface AuditEntry {
  readonly action: AuditAction;
  readonly caseId?: CaseId;
  readonly recordId?: RecordId;
  /** Counts and codes; no case data. */
  readonly detail?: Readonly<Record<string, number | string>>;
}

export interface Auditor {
  readonly user: UserId;
  readonly crypto: SyncCrypto;
  nowMs(): number;
}

/** Appends an entry; part of the transaction of what it tells. */
export async function appendAudit(
  tx: Kysely<VaultTables>,
  auditor: Auditor,
  entry: AuditEntry,
): Promise<void> {
  const last = await lastEntry(tx);
  const row = {
    seq: last.seq + 1,
    at_ms: auditor.nowMs(),
    action: entry.action,
    case_id: entry.caseId ?? null,
    record_id: entry.recordId ?? null,
    detail: canonical({ user: auditor.user, ...entry.detail }),
  };
  const hash = auditHash(last.hash, row, auditor.crypto);
  await tx
    .insertInto('audit')
    .values({ ...row, hash })
    .execute();
}

async function lastEntry(tx: Kysely<VaultTables>): Promise<{ readonly seq: number; readonly hash: string }> {
  const row = await tx
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? { seq: 0, hash: zeroHash };
}

type Hashed = Readonly<Record<'seq' | 'at_ms' | 'action' | 'case_id' | 'record_id' | 'detail', Json>>;

function auditHash(prev: string, row: Hashed, crypto: SyncCrypto): string {
  const { seq, at_ms, action, case_id, record_id, detail } = row;
  const text = canonical({ seq, at_ms, action, case_id, record_id, detail });
  return toBase64Url(crypto.sha256(utf8('tma/audit/1'), hashBytes(prev), utf8(text)));
}

/** The number of the first entry that does not follow from the one before it, or `undefined` when all do. */
export async function firstBrokenEntry(
  db: Kysely<VaultTables>,
  crypto: SyncCrypto,
): Promise<number | undefined> {
  const rows = await db.selectFrom('audit').selectAll().orderBy('seq').execute();
  let prev = zeroHash;
  for (const [index, row] of rows.entries()) {
    if (row.seq !== index + 1 || auditHash(prev, row, crypto) !== row.hash) return row.seq;
    prev = row.hash;
  }
  return undefined;
}
