/** Writes a person's edits: sealed, chained, waiting in the outbox, and applied to the records at once. */
import type { Kysely } from 'kysely';
import { schemaVersion } from '../../../shared/domain/kinds.ts';
import {
  type CaseId,
  type ChangeId,
  type DeviceId,
  type GroupId,
  type IdSource,
  newId,
  type RecordId,
} from '../../../shared/ids.ts';
import {
  type ChainPoint,
  type ChangeFields,
  type ChangeHead,
  chainChange,
  type Op,
  type SealedChange,
  sealChange,
} from '../../../shared/sync/change.ts';
import { type Stamp, tick, zeroStamp } from '../../../shared/sync/clock.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import type { Arrived } from '../../../shared/sync/merge.ts';
import { batch } from '../vault/dialect.ts';
import { type CaseRow, caseOrNew } from './caseRow.ts';
import { mergeRecords, type WrittenRecord } from './mergeRecords.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { VaultTables } from './tables.ts';

/** Who writes, and with what. */
export interface Author {
  readonly device: DeviceId;
  readonly ids: IdSource;
  readonly crypto: SyncCrypto;
}

/** An edit that has passed every check. */
export interface ChangeDraft {
  readonly record: RecordId;
  readonly kind: string;
  readonly op: Op;
  readonly fields: ChangeFields;
}

export interface Committed {
  readonly row: CaseRow;
  readonly changes: readonly ChangeId[];
  /** The records as they are now. */
  readonly records: readonly WrittenRecord[];
}

interface OwnChange extends Arrived {
  readonly sealed: SealedChange;
  readonly point: ChainPoint;
}

/**
 * Appends edits to this device's chain in a case (made if missing), several as one group, and applies them.
 * @throws TmaError `input.too-large` for an edit beyond 256 KiB.
 */
export async function appendOwnChanges(
  tx: Kysely<VaultTables>,
  author: Author,
  edits: { readonly caseId: CaseId; readonly drafts: readonly ChangeDraft[] },
): Promise<Committed> {
  const { row } = await caseOrNew(tx, edits.caseId);
  const clock = (await readMeta(tx, 'clock')) ?? zeroStamp;
  const own = chainOwn(author, { row, clock, drafts: edits.drafts });
  await insertOutbox(tx, row.id, own);
  const last = own.at(-1);
  if (last !== undefined) await writeMeta(tx, 'clock', last.effective);
  const moved: CaseRow = {
    ...row,
    own_n: last?.point.n ?? row.own_n,
    own_hash: last?.point.hash ?? row.own_hash,
  };
  const merge = { row: moved, arrived: own, recompute: new Set<RecordId>(), renumbered: false };
  return { ...(await mergeRecords(tx, merge)), changes: own.map(({ head }) => head.id) };
}

interface Chaining {
  readonly row: CaseRow;
  readonly clock: Stamp;
  readonly drafts: readonly ChangeDraft[];
}

function chainOwn({ device, ids, crypto }: Author, { row, clock, drafts }: Chaining): readonly OwnChange[] {
  const group = drafts.length > 1 ? { group: newId<GroupId>(ids) } : {};
  const own: OwnChange[] = [];
  let prev: ChainPoint = { n: row.own_n, hash: row.own_hash };
  let at = clock;
  for (const { record, kind, op, fields } of drafts) {
    at = tick(at, ids.nowMs());
    const seen = [row.log_position, row.log_running] as const;
    const id = newId<ChangeId>(ids);
    const head: ChangeHead = { ...group, id, record, kind, op, at, schema: schemaVersion, seen };
    const sealed = sealChange({ head, fields }, crypto);
    prev = chainChange(sealed, { caseId: row.id, device, prev }, crypto);
    own.push({ head, fields, device, effective: at, sealed, point: prev });
  }
  return own;
}

const insertChanges = `
  INSERT INTO outbox (case_id, n, record_id, group_id, hash, head, payload, salt, status, at_ms, at_counter)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, 'pending',
         value->>8, value->>9
  FROM json_each(?)`;

async function insertOutbox(
  tx: Kysely<VaultTables>,
  caseId: CaseId,
  own: readonly OwnChange[],
): Promise<void> {
  const rows = own.map(({ head, sealed, point, effective }) => [
    caseId,
    point.n,
    head.record,
    head.group ?? null,
    point.hash,
    sealed.head,
    sealed.payload,
    sealed.salt,
    effective[0],
    effective[1],
  ]);
  await batch(tx, insertChanges, rows);
}
