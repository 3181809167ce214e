/** Which attachments there are and what of them has arrived; the policies of the database decide who sees which. */
import { sql } from 'kysely';
import type { CaseId, RecordId, TenantId } from '../../shared/ids.ts';
import { type BlobManifest, blobContentSchema, isBlobWhole } from '../../shared/sync/blobs.ts';
import type { SyncCrypto } from '../../shared/sync/crypto.ts';
import type { RecordState } from '../../shared/sync/merge.ts';
import { viewRecord } from '../../shared/sync/view.ts';
import type { Trx } from '../db/scope.ts';

interface Registering {
  readonly tenant: TenantId;
  readonly caseId: CaseId;
  readonly nowMs: number;
  readonly crypto: SyncCrypto;
}

/**
 * Notes the attachments that these records of the case in hand name. A name belongs to the first case that has it:
 * somebody who learned one elsewhere does not get at its parts by writing it into a case of their own.
 */
export async function registerBlobs(
  trx: Trx,
  { tenant, caseId, nowMs, crypto }: Registering,
  changed: ReadonlyMap<RecordId, RecordState>,
): Promise<void> {
  for (const state of changed.values()) {
    if (state.kind !== 'evidence') continue;
    const content = blobContentSchema.safeParse(viewRecord(state).values.content);
    if (!content.success || !isBlobWhole(content.data, crypto)) continue;
    const { blob, sizeBytes, parts } = content.data;
    await trx
      .insertInto('blobs')
      .values({
        ...{ tenant_id: tenant, blob_id: blob, case_id: caseId, size_bytes: sizeBytes, parts: [...parts] },
        registered_at: new Date(nowMs),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export interface KnownBlob extends BlobManifest {
  readonly caseId: CaseId;
  /** Numbers of the parts that have arrived. */
  readonly stored: readonly number[];
}

export async function findBlob(trx: Trx, tenant: TenantId, blob: string): Promise<KnownBlob | undefined> {
  const row = await trx
    .selectFrom('blobs')
    .select(['case_id', 'size_bytes', 'parts'])
    .where('tenant_id', '=', tenant)
    .where('blob_id', '=', blob)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const stored = await trx
    .selectFrom('blob_parts')
    .select('part')
    .where('tenant_id', '=', tenant)
    .where('blob_id', '=', blob)
    .orderBy('part')
    .execute();
  const { case_id: caseId, size_bytes, parts } = row;
  return { caseId, sizeBytes: Number(size_bytes), parts, stored: stored.map(({ part }) => part) };
}

/** Bytes of all attachments of the organisation, arrived or not. */
export async function blobBytes(trx: Trx): Promise<number> {
  const { rows } = await sql<{ bytes: string | number }>`select tma.blob_bytes() as bytes`.execute(trx);
  return Number(rows[0]?.bytes ?? 0);
}

interface StoredPart {
  readonly tenant: TenantId;
  readonly blob: string;
  readonly part: number;
  readonly nowMs: number;
}

export async function notePart(trx: Trx, { tenant, blob, part, nowMs }: StoredPart): Promise<void> {
  await trx
    .insertInto('blob_parts')
    .values({ tenant_id: tenant, blob_id: blob, part, stored_at: new Date(nowMs) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
