/**
 * What ends by itself, on this laptop as well, whether the service can be reached or not: a membership on its date, and
 * what was opened by breaking the glass. The service says the same at the next contact and gives the case anew then.
 */
import type { Kysely } from 'kysely';
import { compartmentsIn, compartmentsOfKind } from '../../../shared/domain/reading.ts';
import type { Compartment } from '../../../shared/domain/sections.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { readFields, readHead, withhold } from '../../../shared/sync/change.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { CaseAccess } from '../../../shared/sync/wire.ts';
import { accessColumns, readAccess, readingOf } from './caseAccess.ts';
import { findCase } from './caseRow.ts';
import { mergeRecords } from './mergeRecords.ts';
import type { VaultTables } from './tables.ts';

export interface Ended {
  /** Cases that may not be seen any more. */
  readonly cases: readonly CaseId[];
  /** Cases of which something was closed. */
  readonly closed: readonly CaseId[];
}

/** Closes the compartments that were open for a time that is over. The cases whose time is over are left to the caller. */
export async function closeEnded(
  tx: Kysely<VaultTables>,
  { nowMs, crypto }: { readonly nowMs: number; readonly crypto: SyncCrypto },
): Promise<Ended> {
  const rows = await tx
    .selectFrom('cases')
    .select(['id', 'access'])
    .where('access_ends_ms', '<=', nowMs)
    .execute();
  const cases: CaseId[] = [];
  const closed: CaseId[] = [];
  for (const { id, access: text } of rows) {
    const access = readAccess(text);
    if (access.untilMs !== null && access.untilMs <= nowMs) cases.push(id);
    else {
      const left = { ...access, glass: access.glass.filter(({ untilMs }) => untilMs > nowMs) };
      await close(tx, { caseId: id, access, left, crypto });
      closed.push(id);
    }
  }
  return { cases, closed };
}

interface Closing {
  readonly caseId: CaseId;
  readonly access: CaseAccess;
  readonly left: CaseAccess;
  readonly crypto: SyncCrypto;
}

async function close(tx: Kysely<VaultTables>, { caseId, access, left, crypto }: Closing): Promise<void> {
  const open = readingOf(left).compartments;
  const gone = readingOf(access).compartments.filter((compartment) => !open.includes(compartment));
  const recompute = await withholdSealed(tx, { caseId, gone, crypto });
  await tx.updateTable('cases').set(accessColumns(left)).where('id', '=', caseId).execute();
  const row = await findCase(tx, caseId);
  if (row === undefined) return;
  await mergeRecords(tx, { row, arrived: [], recompute, renumbered: false, search: 'now' });
}

interface Withholding {
  readonly caseId: CaseId;
  readonly gone: readonly Compartment[];
  readonly crypto: SyncCrypto;
}

/** Takes the content out of the changes that hold what is closed now. @returns their records. */
async function withholdSealed(
  tx: Kysely<VaultTables>,
  { caseId, gone, crypto }: Withholding,
): Promise<ReadonlySet<RecordId>> {
  const touched = new Set<RecordId>();
  if (gone.length === 0) return touched;
  const rows = await tx
    .selectFrom('log')
    .select(['position', 'head', 'payload', 'salt'])
    .where('case_id', '=', caseId)
    .where('status', '=', 'applied')
    .where('payload_hash', 'is', null)
    .execute();
  for (const { position, head, payload, salt } of rows) {
    const { kind, record } = readHead(head);
    if (!compartmentsOfKind(kind).some((compartment) => gone.includes(compartment))) continue;
    const sealed = compartmentsIn({ kind, fields: readFields(payload) });
    if (!sealed.some((compartment) => gone.includes(compartment))) continue;
    const { payloadHash } = withhold({ head, payload, salt }, crypto);
    await tx
      .updateTable('log')
      .set({ payload: '', salt: '', payload_hash: payloadHash })
      .where('case_id', '=', caseId)
      .where('position', '=', position)
      .execute();
    touched.add(record);
  }
  return touched;
}
