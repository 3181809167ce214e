/**
 * A vault that was set back or copied goes on under a new device id. What the old id had handed in stays as it is, and
 * comes back with the log as another device's. What it had not is written anew, in the same order, as the beginning of
 * the new device's chains: under new change ids, because another copy may hand in the same under the old ones. Where a
 * change was written anew its head says so:  again = the id it had first.
 */
import type { Kysely, Selectable } from 'kysely';
import { type CaseId, type ChangeId, type IdSource, newId, type RecordId } from '../../../shared/ids.ts';
import {
  type ChainPoint,
  type ChangeFields,
  type ChangeHead,
  chainChange,
  chainStart,
  readChange,
  sealChange,
} from '../../../shared/sync/change.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { signSegment } from '../../../shared/sync/segment.ts';
import { findCase } from './caseRow.ts';
import type { Being } from './identity.ts';
import { mergeRecords } from './mergeRecords.ts';
import { deleteMeta, writeMeta } from './meta.ts';
import { ownPoint } from './pending.ts';
import type { VaultTables } from './tables.ts';

type Tx = Kysely<VaultTables>;
type OutboxRow = Selectable<VaultTables['outbox']>;

export interface Succession {
  readonly before: Being;
  readonly after: Being;
  /** The new device's key. */
  readonly seed: string;
  /** Whether the service has a change of the old id, by {@link placeKey}. */
  readonly taken: ReadonlySet<string>;
  readonly crypto: SyncCrypto;
  readonly ids: IdSource;
}

export function placeKey(caseId: CaseId, n: number): string {
  return `${caseId} ${n}`;
}

/** Writes everything that follows from the new id; what was pending stays pending. */
export async function succeedOwn(tx: Tx, succession: Succession): Promise<void> {
  const rows = await tx.selectFrom('outbox').selectAll().orderBy('case_id').orderBy('n').execute();
  const isSettled = (row: OutboxRow) =>
    row.status !== 'pending' || succession.taken.has(placeKey(row.case_id, row.n));
  for (const row of rows.filter(isSettled)) await holdTaken(tx, succession, row);
  await tx.deleteFrom('outbox').execute();
  await tx.deleteFrom('own_chains').execute();
  await tx.updateTable('cases').set({ own_n: chainStart.n, own_hash: chainStart.hash }).execute();
  await writeMeta(tx, 'owner', succession.after.owner);
  await writeMeta(tx, 'deviceSeed', succession.seed);
  await deleteMeta(tx, 'nextDeviceSeed');
  const again = Map.groupBy(
    rows.filter((row) => !isSettled(row)),
    (row) => row.case_id,
  );
  for (const caseId of new Set(rows.map((row) => row.case_id))) {
    await writeAnew(tx, succession, { caseId, rows: again.get(caseId) ?? [] });
  }
}

/** In the log of the service and not here yet: held until it comes back, with the old key's word for it. */
async function holdTaken(tx: Tx, { before, crypto }: Succession, row: OutboxRow): Promise<void> {
  const device = before.owner.deviceId;
  const { case_id, n, record_id, hash, head, payload, salt, code, at_ms, at_counter } = row;
  const logged = await findCase(tx, case_id);
  const prev = await ownPoint(tx, { caseId: case_id, device, n: n - 1 });
  const draft = { caseId: case_id, device, prev, changes: [{ head, payload, salt }] };
  const { sig } = signSegment(draft, before.signer, crypto);
  await tx
    .insertInto('held')
    .values({
      ...{ case_id, device, n, record_id, hash, head, payload, salt, code, at_ms, at_counter },
      position: (logged?.log_position ?? 0) + n,
      status: row.status === 'quarantined' ? 'quarantined' : 'applied',
      payload_hash: null,
      handed: 'taken',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx
    .insertInto('segments')
    .values({ case_id, device, from_n: n, to_n: n, prev: prev.hash, sig })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

interface OfCase {
  readonly caseId: CaseId;
  readonly rows: readonly OutboxRow[];
}

async function writeAnew(
  tx: Tx,
  { after, crypto, ids }: Succession,
  { caseId, rows }: OfCase,
): Promise<void> {
  const row = await findCase(tx, caseId);
  if (row === undefined) return;
  const renamed = new Map<ChangeId, ChangeId>();
  let prev: ChainPoint = chainStart;
  for (const old of rows) {
    const { head, fields } = readChange(old);
    const id = newId<ChangeId>(ids);
    renamed.set(head.id, id);
    // A second time it still names the first.
    const renewed: ChangeHead = { again: head.id, ...head, id };
    const sealed = sealChange({ head: renewed, fields: renameIn(fields, renamed) }, crypto);
    prev = chainChange(sealed, { caseId, device: after.owner.deviceId, prev }, crypto);
    const { head: text, payload, salt } = sealed;
    await tx
      .insertInto('outbox')
      .values({ ...old, n: prev.n, hash: prev.hash, head: text, payload, salt })
      .execute();
  }
  const moved = { ...row, own_n: prev.n, own_hash: prev.hash };
  const recompute = new Set<RecordId>(rows.map(({ record_id }) => record_id));
  await mergeRecords(tx, { row: moved, arrived: [], recompute, renumbered: false });
}

function renameIn(fields: ChangeFields, renamed: ReadonlyMap<ChangeId, ChangeId>): ChangeFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { value, saw }]) => {
      return [name, { value, saw: saw.map((id) => renamed.get(id) ?? id) }];
    }),
  );
}
