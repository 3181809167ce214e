/** Which of the own changes go into the next push. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import { type ChainPoint, chainStart, withheldChange } from '../../../shared/sync/change.ts';
import type { SegmentDraft } from '../../../shared/sync/segment.ts';
import type { RunLimits } from './logPort.ts';
import type { VaultTables } from './tables.ts';

type PendingRow = Pick<
  Selectable<VaultTables['outbox']>,
  'case_id' | 'n' | 'group_id' | 'hash' | 'head' | 'payload' | 'salt'
> & { readonly payload_hash?: string | null };

const columns = ['case_id', 'n', 'group_id', 'hash', 'head', 'payload', 'salt'] as const;

export async function pendingRuns(
  db: Kysely<VaultTables>,
  device: DeviceId,
  { cases, ...limits }: RunLimits & { readonly cases: readonly CaseId[] },
): Promise<readonly SegmentDraft[]> {
  const drafts: SegmentDraft[] = [];
  let left: RunLimits = limits;
  for (const caseId of cases) {
    if (left.maxChanges <= 0 || left.maxBytes <= 0) break;
    const rows = await pendingOf(db, caseId, left.maxChanges + 1);
    if (rows.length === 0) continue;
    const run = takeRun(rows, left, drafts.length === 0);
    if (run.length === 0) break;
    drafts.push(await draftOf(db, device, run));
    left = { maxChanges: left.maxChanges - run.length, maxBytes: left.maxBytes - bytesOf(run) };
  }
  return drafts;
}

/** Everything of a case that is pending, in as many runs as the limits ask for. */
export async function pendingRunsOf(
  db: Kysely<VaultTables>,
  { caseId, device }: Omit<OwnPlace, 'n'>,
  limits: RunLimits,
): Promise<readonly { readonly draft: SegmentDraft; readonly oldestAtMs: number }[]> {
  let rows = await pendingOf(db, caseId);
  const runs: { draft: SegmentDraft; oldestAtMs: number }[] = [];
  while (rows.length > 0) {
    const run = takeRun(rows, limits, true);
    const oldestAtMs = Math.min(...run.map(({ at_ms }) => at_ms));
    runs.push({ draft: await draftOf(db, device, run), oldestAtMs });
    rows = rows.slice(run.length);
  }
  return runs;
}

/** Cases of the oldest pending changes, in that order; so many changes are looked at. */
export async function casesWaiting(db: Kysely<VaultTables>, changes: number): Promise<readonly CaseId[]> {
  const oldest = db
    .selectFrom('outbox')
    .innerJoin('cases', 'cases.id', 'outbox.case_id')
    .select(['outbox.case_id', 'outbox.at_ms'])
    .where('outbox.status', '=', sql.lit('pending'))
    .where('cases.push_refused', 'is', null)
    // What the service lost comes back before what was written on top of it.
    .where('outbox.case_id', 'not in', (from) =>
      from.selectFrom('held').select('held.case_id').where('held.handed', '=', 'waiting'),
    )
    .orderBy('outbox.at_ms')
    .limit(changes);
  const cases = await db
    .selectFrom(oldest.as('oldest'))
    .select('case_id')
    .groupBy('case_id')
    .orderBy((of) => of.fn.min('at_ms'))
    .execute();
  return cases.map(({ case_id }) => case_id);
}

function pendingOf(
  db: Kysely<VaultTables>,
  caseId: CaseId,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<readonly (PendingRow & { readonly at_ms: number })[]> {
  return db
    .selectFrom('outbox')
    .select([...columns, 'at_ms'])
    .where('case_id', '=', caseId)
    .where('status', '=', 'pending')
    .orderBy('n')
    .limit(limit)
    .execute();
}

/**
 * The first rows that fit, without cutting a group in two unless the group alone is too large. `atLeastOne`:
 * a change that is larger than the limit goes alone rather than never.
 */
export function takeRun<R extends PendingRow>(
  rows: readonly R[],
  limits: RunLimits,
  atLeastOne: boolean,
): readonly R[] {
  let bytes = 0;
  let count = 0;
  for (const row of rows) {
    bytes += bytesOf([row]);
    const isNext = rows[0] !== undefined && row.n === rows[0].n + count;
    const fits = count < limits.maxChanges && bytes <= limits.maxBytes;
    if (!isNext || !(fits || (atLeastOne && count === 0))) break;
    count++;
  }
  const cut = rows[count]?.group_id ?? null;
  let whole = count;
  while (cut !== null && whole > 0 && rows[whole - 1]?.group_id === cut) whole--;
  return rows.slice(0, whole > 0 || !atLeastOne ? whole : count);
}

function bytesOf(rows: readonly PendingRow[]): number {
  return rows.reduce(
    (sum, { head, payload, salt }) => sum + byteLength(head) + byteLength(payload) + salt.length,
    0,
  );
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

async function draftOf(
  db: Kysely<VaultTables>,
  device: DeviceId,
  run: readonly PendingRow[],
): Promise<SegmentDraft> {
  const [first] = run;
  if (first === undefined) throw new Error('a run has at least one change');
  const prev = await ownPoint(db, { caseId: first.case_id, device, n: first.n - 1 });
  const changes = run.map(({ head, payload, salt, payload_hash: hash }) =>
    typeof hash === 'string' ? withheldChange(head, hash) : { head, payload, salt },
  );
  const points = run.map(({ n, hash }) => ({ n, hash }));
  return { caseId: first.case_id, device, prev, changes, points };
}

interface OwnPlace {
  readonly caseId: CaseId;
  readonly device: DeviceId;
  readonly n: number;
}

/** The chain point of an own change, wherever it is by now. */
export async function ownPoint(
  db: Kysely<VaultTables>,
  { caseId, device, n }: OwnPlace,
): Promise<ChainPoint> {
  if (n === 0) return chainStart;
  const waiting = db.selectFrom('outbox').select('hash').where('case_id', '=', caseId).where('n', '=', n);
  const logged = db
    .selectFrom('log')
    .select('hash')
    .where('case_id', '=', caseId)
    .where('device', '=', device)
    .where('n', '=', n);
  // Of a case that came back and whose log is not all here yet.
  const kept = db.selectFrom('own_chains').select('hash').where('case_id', '=', caseId).where('n', '=', n);
  const held = db
    .selectFrom('held')
    .select('hash')
    .where('case_id', '=', caseId)
    .where('device', '=', device)
    .where('n', '=', n)
    .where('handed', '!=', 'apart');
  const found =
    (await waiting.executeTakeFirst()) ??
    (await logged.executeTakeFirst()) ??
    (await held.executeTakeFirst()) ??
    (await kept.executeTakeFirst());
  if (found === undefined) throw new Error('a link of the own chain is missing');
  return { n, hash: found.hash };
}

/** Own changes from a number on, whatever became of them. */
export async function ownRun(
  db: Kysely<VaultTables>,
  from: OwnPlace,
  limits: RunLimits,
): Promise<SegmentDraft | undefined> {
  const { caseId, device, n } = from;
  const part = (table: 'log' | 'held') =>
    db
      .selectFrom(table)
      .select([
        'case_id',
        'n',
        (of) => of.val<string | null>(null).as('group_id'),
        'hash',
        'head',
        'payload',
        'salt',
        'payload_hash',
      ])
      .where('case_id', '=', caseId)
      .where('device', '=', device)
      .where('n', '>=', n);
  const held = part('held').where('handed', '!=', 'apart');
  const waiting = db
    .selectFrom('outbox')
    .select([...columns, (of) => of.val<string | null>(null).as('payload_hash')])
    .where('case_id', '=', caseId)
    .where('n', '>=', n);
  const rows = await part('log')
    .unionAll(held)
    .unionAll(waiting)
    .orderBy('n')
    .limit(limits.maxChanges + 1)
    .execute();
  if (rows[0]?.n !== n) return undefined;
  return draftOf(db, device, takeRun(rows, limits, true));
}
