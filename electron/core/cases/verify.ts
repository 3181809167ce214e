/**
 * Checks the log of a case on this laptop from its first entry on, as `npm run verify:chain` does with an exported one:
 * nothing is asked of the service. The content is here, so it is compared with its hashes as well.
 */
import { fromBase64Url } from '../../../shared/bytes.ts';
import type { VerifyView } from '../../../shared/contract/views.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { arrange, type ChainLine, type EntryLine } from '../../../shared/integrity/chainFile.ts';
import { verifyChain } from '../../../shared/integrity/verifyChain.ts';
import { withheldChange, withhold } from '../../../shared/sync/change.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { type SignedHead, signedHeadSchema } from '../../../shared/sync/log.ts';
import type { Db, Workspace } from '../session/workspace.ts';
import type { CaseRow } from '../storage/caseRow.ts';
import { requireCase } from './edit.ts';

/** @throws TmaError `case.not-found` */
export async function verifyCase(tx: Db, workspace: Workspace, caseId: CaseId): Promise<VerifyView> {
  const row = await requireCase(tx, caseId);
  const { owner, author } = workspace;
  const { crypto } = author;
  const entries = await entriesOf(tx, caseId, crypto);
  const kept = keptHead(row);
  const file = arrange([
    {
      ...{ type: 'chain', version: 1, tenant: owner.tenantId, case: caseId, serviceKey: owner.serviceKey },
      ...{ epoch: '', madeAtMs: workspace.nowMs(), entries: entries.length },
    },
    ...(await devicesOf(tx)),
    ...entries,
    ...(await segmentsOf(tx, caseId)),
    ...(kept !== undefined && kept.position <= entries.length ? [{ type: 'head' as const, ...kept }] : []),
    { type: 'end', entries: entries.length },
  ]);
  const shared = { serviceKey: owner.serviceKey, unsent: row.unsent };
  if (file === undefined || fromBase64Url(owner.serviceKey) === undefined)
    return { outcome: 'broken', at: { kind: 'unreadable' }, ...shared };
  const verdict = verifyChain(file, { crypto, caseId, serviceKey: owner.serviceKey, goesOn: true });
  if (verdict.outcome === 'broken') return { outcome: 'broken', at: verdict.at, ...shared };
  // The cursor that the service is asked with has to be what the entries add up to.
  if (entries.length !== row.log_position || verdict.head.running !== row.log_running)
    return { outcome: 'broken', at: { kind: 'truncated', position: entries.length + 1 }, ...shared };
  const { devices, signatures } = verdict;
  return { outcome: 'sound', entries: entries.length, devices, signatures, ...shared };
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

async function devicesOf(tx: Db): Promise<readonly ChainLine[]> {
  const rows = await tx.selectFrom('devices').select(['id', 'public_key']).execute();
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
