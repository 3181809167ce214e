/**
 * Meets a service that was restored from a backup, which it says with a new epoch. Its logs are then prefixes of what
 * laptops hold, perhaps with something new on top. For each case the last point that both have is found by halving:
 *
 *   here    1 … 40 | 41 … 64        64? no   32? yes   48? no   40? yes   44? no   42? no   41? no  → common: 40
 *   there   1 … 40 | something new
 *
 * What is here beyond that point is laid aside, goes on counting, and is handed in again (`handIn.ts`): own changes
 * and those of others, whose signatures vouch for them. Nothing is removed. Interrupted anywhere, it begins again and
 * finds what was laid aside in order. Only a new epoch excuses a log that contradicts ours.
 */
import type { CaseId } from '../../../shared/ids.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { emptyLog, extendLog, type LogHead } from '../../../shared/sync/log.ts';
import { maxComparedPoints } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { LocalLog } from '../storage/logPort.ts';

export interface RestoredDeps {
  readonly log: LocalLog;
  readonly service: ServiceClient;
  readonly crypto: SyncCrypto;
}

/** So many logs are held in memory at a time while the common points are looked for. */
const casesAtOnce = 50;

export async function meetRestored(deps: RestoredDeps, epoch: string, signal: AbortSignal): Promise<void> {
  const ends = [...(await deps.log.cursors())]
    .filter(([, { position }]) => position > 0)
    .map(([caseId, { position, running }]) => ({ case: caseId, position, running }));
  const known = await compare(deps, { epoch, points: ends }, signal);
  const apart = ends.filter((_end, index) => known[index] !== true).map((end) => end.case);
  for (let at = 0; at < apart.length; at += casesAtOnce) {
    const some = await Promise.all(apart.slice(at, at + casesAtOnce).map((one) => searchOf(deps, one)));
    await findCommon(deps, { epoch, searches: some }, signal);
    for (const { caseId, heads, low } of some) await deps.log.layAside(caseId, heads[low] ?? emptyLog);
  }
  await deps.log.enterEpoch(epoch);
}

interface Search {
  readonly caseId: CaseId;
  /** By position, from the empty log on. */
  readonly heads: readonly LogHead[];
  /** The furthest point known to be common, and the nearest known not to be. */
  low: number;
  high: number;
}

async function searchOf({ log, crypto }: RestoredDeps, caseId: CaseId): Promise<Search> {
  let head = emptyLog;
  const heads = [head];
  for (const arrival of await log.arrivals(caseId)) {
    head = extendLog(head, arrival, crypto);
    heads.push(head);
  }
  return { caseId, heads, low: 0, high: heads.length - 1 };
}

interface Searching {
  readonly epoch: string;
  readonly searches: readonly Search[];
}

/** Halves the open stretch of all cases together, so that a question serves them all. */
async function findCommon(
  deps: RestoredDeps,
  { epoch, searches }: Searching,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const open = searches.filter(({ low, high }) => high - low > 1);
    if (open.length === 0) return;
    const points = open.flatMap(({ caseId, heads, low, high }) => {
      const head = heads[middle(low, high)];
      return head === undefined ? [] : [{ case: caseId, ...head }];
    });
    const known = await compare(deps, { epoch, points }, signal);
    for (const [index, search] of open.entries()) {
      const at = middle(search.low, search.high);
      if (known[index] === true) search.low = at;
      else search.high = at;
    }
  }
}

function middle(low: number, high: number): number {
  return Math.floor((low + high) / 2);
}

interface Comparing {
  readonly epoch: string;
  readonly points: readonly ({ readonly case: CaseId } & LogHead)[];
}

async function compare(
  { service }: RestoredDeps,
  { epoch, points }: Comparing,
  signal: AbortSignal,
): Promise<readonly boolean[]> {
  const known: boolean[] = [];
  for (let at = 0; at < points.length; at += maxComparedPoints) {
    const some = points.slice(at, at + maxComparedPoints);
    known.push(...(await service.compare({ epoch, points: some }, signal)).known);
  }
  return known;
}
