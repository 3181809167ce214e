/**
 * The log of a case as it is on this laptop, line by line as in a file to be checked (`shared/integrity/chainFile.ts`).
 * The content is here, so the hash of each payload is made from it anew: what was altered does not give its chain.
 */
import type { CaseId } from '../../../shared/ids.ts';
import type { ChainHeadLine, ChainLine, EntryLine } from '../../../shared/integrity/chainFile.ts';
import { withheldChange, withhold } from '../../../shared/sync/change.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { type SignedHead, signedHeadSchema } from '../../../shared/sync/log.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import type { CaseRow } from '../storage/caseRow.ts';
import { readMeta } from '../storage/meta.ts';
import { witnessedOf } from '../storage/witnessed.ts';

export interface LocalChain {
  readonly head: ChainHeadLine;
  /** All lines in order, the head first. */
  readonly lines: readonly ChainLine[];
  readonly entries: readonly EntryLine[];
  /** The last head that the service signed; it may be further on than what has arrived here. */
  readonly kept: SignedHead | undefined;
}

export async function chainOf(
  tx: Db,
  { owner, author, nowMs }: Workspace,
  row: CaseRow,
): Promise<LocalChain> {
  const caseId = row.id;
  const entries = await entriesOf(tx, caseId, author.crypto);
  const kept = keptHead(row);
  const said = await witnessedOf(tx, caseId);
  const head: ChainHeadLine = {
    ...{ type: 'chain', version: 1, tenant: owner.tenantId, case: caseId, serviceKey: owner.serviceKey },
    ...{ epoch: (await readMeta(tx, 'epoch')) ?? '', madeAtMs: nowMs(), entries: entries.length },
    madeBy: 'laptop',
  };
  const lines: readonly ChainLine[] = [
    head,
    ...(await devicesOf(tx, caseId)),
    ...entries,
    ...(await segmentsOf(tx, caseId)),
    ...(kept !== undefined && kept.position <= entries.length ? [{ type: 'head' as const, ...kept }] : []),
    ...(said === null ? [] : [{ type: 'witness' as const, ...said }]),
    { type: 'end', entries: entries.length },
  ];
  return { head, lines, entries, kept };
}

async function entriesOf(tx: Db, caseId: CaseId, crypto: SyncCrypto): Promise<readonly EntryLine[]> {
  const rows = await tx
    .selectFrom('log')
    .select(['position', 'device', 'n', 'hash', 'head', 'payload', 'salt', 'status', 'payload_hash'])
    .select(['at_ms', 'at_counter', 'received_ms'])
    .where('case_id', '=', caseId)
    .orderBy('position')
    .execute();
  return rows.map((row) => {
    const { head, payload, salt, payload_hash: hash } = row;
    const { payloadHash } =
      hash === null ? withhold({ head, payload, salt }, crypto) : withheldChange(head, hash);
    return {
      type: 'entry',
      position: row.position,
      device: row.device,
      n: row.n,
      head,
      payloadHash,
      hash: row.hash,
      status: row.status,
      effective: [row.at_ms, row.at_counter],
      receivedAtMs: row.received_ms,
    };
  });
}

/** Those that wrote in the case. */
async function devicesOf(tx: Db, caseId: CaseId): Promise<readonly ChainLine[]> {
  const rows = await tx
    .selectFrom('devices')
    .select(['id', 'public_key'])
    .where('id', 'in', (from) => from.selectFrom('segments').select('device').where('case_id', '=', caseId))
    .orderBy('id')
    .execute();
  return rows.map(({ id, public_key }) => ({ type: 'device', id, key: public_key }));
}

async function segmentsOf(tx: Db, caseId: CaseId): Promise<readonly ChainLine[]> {
  const rows = await tx
    .selectFrom('segments')
    .select(['device', 'from_n', 'to_n', 'prev', 'sig'])
    .where('case_id', '=', caseId)
    .execute();
  return rows.map((row) => ({
    type: 'segment',
    device: row.device,
    from: row.from_n,
    to: row.to_n,
    prev: row.prev,
    sig: row.sig,
  }));
}

/** The last head the service signed, if it reads as one. */
function keptHead({ log_head: text }: CaseRow): SignedHead | undefined {
  return text === null ? undefined : signedHeadSchema.safeParse(JSON.parse(text)).data;
}
