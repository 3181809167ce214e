/** The log of a case as a file that anybody can check, with no word of its content. */
import { sql } from 'kysely';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { ChainLine, EntryLine } from '../../shared/integrity/chainFile.ts';
import { withhold } from '../../shared/sync/change.ts';
import type { Signer } from '../../shared/sync/crypto.ts';
import { signHead } from '../../shared/sync/log.ts';
import { writeAudit } from '../audit/audit.ts';
import type { Db } from '../db/connect.ts';
import { type Trx, writing } from '../db/scope.ts';
import type { CaseCipher, CaseKeys } from '../keys/caseKeys.ts';
import { type CasePlace, lockCase } from '../sync/caseStore.ts';
import { lastStatement } from '../witness/statements.ts';
import { treeOf, witnessedBy } from '../witness/tree.ts';

export interface ExportContext {
  readonly db: Db;
  readonly caseKeys: CaseKeys;
  readonly signer: Signer;
  readonly epoch: string;
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
}

/**
 * The log of one case without its content; where the content is at hand it is compared with its hash. Throws
 * `not-found`.
 */
export async function exportChain(context: ExportContext, place: CasePlace): Promise<readonly ChainLine[]> {
  const nowMs = context.nowMs();
  const { tenant, caseId } = place;
  const lines = await writing(context.db, { ...place, nowMs }, async (trx) => {
    const row = await lockCase(trx, place);
    if (row === undefined) throw new TmaError('not-found');
    const cipher =
      row.wrappedKey === null ? undefined : await context.caseKeys.open(tenant, caseId, row.wrappedKey);
    const entries = await entriesOf(trx, place, cipher);
    await writeAudit(trx, tenant, { type: 'case.exported', atMs: nowMs, case: caseId });
    return [
      ...(await devicesOf(trx, place)),
      ...entries,
      ...(await segmentsOf(trx, place)),
      ...(await headsOf(trx, place)),
      { type: 'head' as const, ...signHead(caseId, row.head, context.signer) },
      { type: 'end' as const, entries: entries.length },
    ];
  });
  const witness = await witnessOf(context, place);
  const end = lines.at(-1);
  const head: ChainLine = {
    ...{ type: 'chain', version: 1, tenant, case: caseId, epoch: context.epoch, madeAtMs: nowMs },
    serviceKey: toBase64Url(context.signer.publicKey),
    entries: end?.type === 'end' ? end.entries : 0,
  };
  return [head, ...lines.slice(0, -1), ...witness, ...(end === undefined ? [] : [end])];
}

async function entriesOf(
  trx: Trx,
  place: CasePlace,
  cipher: CaseCipher | undefined,
): Promise<readonly EntryLine[]> {
  const rows = await trx
    .selectFrom('changes')
    .select(['position', 'device_id', 'n', 'hash', 'head', 'payload_hash', 'sealed', 'status', 'code'])
    .select(['effective_ms', 'effective_count', 'received_ms'])
    .where('tenant_id', '=', place.tenant)
    .where('case_id', '=', place.caseId)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    type: 'entry',
    position: row.position,
    device: row.device_id,
    n: row.n,
    head: row.head,
    payloadHash: toBase64Url(row.payload_hash),
    hash: toBase64Url(row.hash),
    status: row.status,
    effective: [row.effective_ms, row.effective_count],
    receivedAtMs: row.received_ms,
    ...(cipher === undefined || isContent(row, cipher) ? {} : { contentAltered: true }),
  }));
}

interface StoredContent {
  readonly head: string;
  readonly position: number;
  readonly sealed: Uint8Array;
  readonly payload_hash: Uint8Array;
  readonly code: string | null;
}

/** Whether what lies there is the content whose hash is in the chain; its author may have kept it back. */
function isContent(stored: StoredContent, cipher: CaseCipher): boolean {
  const { head, position, sealed, payload_hash, code } = stored;
  if (sealed.length === 0) return code === 'change.withheld';
  try {
    const reached = withhold({ head, ...cipher.openChange(sealed, position) }, nodeCrypto);
    return reached.payloadHash === toBase64Url(payload_hash);
  } catch {
    return false;
  }
}

async function devicesOf(trx: Trx, { tenant, caseId }: CasePlace): Promise<readonly ChainLine[]> {
  const { rows } = await sql<{ id: (ChainLine & { type: 'device' })['id']; key: Uint8Array }>`
    select device_id as id, public_key as key from devices where tenant_id = ${tenant} and device_id in
      (select device_id from segments where tenant_id = ${tenant} and case_id = ${caseId})
    order by device_id`.execute(trx);
  return rows.map(({ id, key }) => ({ type: 'device', id, key: toBase64Url(key) }));
}

async function segmentsOf(trx: Trx, { tenant, caseId }: CasePlace): Promise<readonly ChainLine[]> {
  const rows = await trx
    .selectFrom('segments')
    .select(['device_id', 'signed_from', 'signed_to', 'prev', 'sig'])
    .where('tenant_id', '=', tenant)
    .where('case_id', '=', caseId)
    .orderBy('first_position')
    .execute();
  return rows.map((row) => ({
    type: 'segment',
    device: row.device_id,
    from: row.signed_from,
    to: row.signed_to,
    prev: toBase64Url(row.prev),
    sig: toBase64Url(row.sig),
  }));
}

async function headsOf(trx: Trx, { tenant, caseId }: CasePlace): Promise<readonly ChainLine[]> {
  const rows = await trx
    .selectFrom('signed_heads')
    .select(['position', 'running', 'sig'])
    .where('tenant_id', '=', tenant)
    .where('case_id', '=', caseId)
    .orderBy('position')
    .execute();
  return rows.map(({ position, running, sig }) => ({
    ...{ type: 'head', case: caseId, position },
    ...{ running: toBase64Url(running), sig: toBase64Url(sig) },
  }));
}

/** What the newest statement says of the case, where it says something. */
function witnessOf(context: ExportContext, { tenant, caseId }: CasePlace): Promise<readonly ChainLine[]> {
  return writing(context.db, { tenant, duty: 'witness', nowMs: context.nowMs() }, async (trx) => {
    const signed = await lastStatement(trx, tenant);
    if (signed === undefined) return [];
    const known = await treeOf(trx, tenant, signed);
    const head = known.heads.get(caseId);
    return head === undefined ? [] : [{ type: 'witness', ...witnessedBy(known, head) }];
  });
}
