/** Unsent edits of cases that were taken away: sealed, and kept here until the service has them. */
import type { Kysely } from 'kysely';
import type { CaseId, DeviceId, PacketId } from '../../../shared/ids.ts';
import type { SignedPacket } from '../../../shared/sync/packet.ts';
import type { SegmentDraft } from '../../../shared/sync/segment.ts';
import { pendingRunsOf } from './pending.ts';
import type { VaultTables } from './tables.ts';

export interface KeptPacket extends SignedPacket {
  readonly id: PacketId;
}

/** A run of unsent changes, to be sealed as one packet. */
export interface Unsent {
  readonly draft: SegmentDraft;
  readonly oldestAtMs: number;
}

/** Seals a run to the organisation's key. Pure but for its randomness: it is called inside a transaction. */
export type Seal = (unsent: Unsent) => KeptPacket;

/** Room for what base64 and JSON in JSON add: a packet is one request. */
const packetLimits = { maxChanges: 200, maxBytes: 384 * 1024 };

/** Seals everything of a case that waits in the outbox, as part of the transaction that removes the case. */
export async function sealPending(
  tx: Kysely<VaultTables>,
  place: { readonly caseId: CaseId; readonly device: DeviceId },
  seal: Seal,
): Promise<void> {
  for (const unsent of await pendingRunsOf(tx, place, packetLimits)) {
    const { id, text, sig } = seal(unsent);
    await tx
      .insertInto('packets')
      .values({
        id,
        case_id: place.caseId,
        changes: unsent.draft.changes.length,
        oldest_ms: unsent.oldestAtMs,
        text,
        sig,
      })
      .execute();
  }
}

/** In the order in which they were sealed, which is the order of each chain: their ids grow. */
export function keptPackets(db: Kysely<VaultTables>): Promise<readonly KeptPacket[]> {
  return db.selectFrom('packets').select(['id', 'text', 'sig']).orderBy('id').execute();
}

export async function forgetPacket(tx: Kysely<VaultTables>, id: PacketId): Promise<void> {
  await tx.deleteFrom('packets').where('id', '=', id).execute();
}

export interface PacketCount {
  readonly changes: number;
  readonly oldestAtMs: number | null;
}

export async function countPackets(db: Kysely<VaultTables>): Promise<PacketCount> {
  const row = await db
    .selectFrom('packets')
    .select((of) => [of.fn.sum<number | null>('changes').as('changes'), of.fn.min('oldest_ms').as('oldest')])
    .executeTakeFirstOrThrow();
  return { changes: row.changes ?? 0, oldestAtMs: row.oldest };
}
