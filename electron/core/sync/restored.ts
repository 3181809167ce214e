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
import { type CompareAnswer, maxComparedPoints } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { LocalLog, LogEnd } from '../storage/logPort.ts';

export interface RestoredDeps {
  readonly log: LocalLog;
  readonly service: ServiceClient;
  readonly crypto: SyncCrypto;
}

/** So many logs are held in memory at a time while the common points are looked for. */
const casesAtOnce = 50;

export async function meetRestored(deps: RestoredDeps, epoch: string, signal: AbortSignal): Promise<void> {
  const ends = (await deps.log.ends()).filter(({ position }) => position > 0);
  const { known } = await compare(deps, { epoch, points: ends }, signal);
  const apart = ends.filter((_end, index) => known[index] !== true).map((end) => end.case);
  for (let at = 0; at < apart.length; at += casesAtOnce) {
    const some = await Promise.all(apart.slice(at, at + casesAtOnce).map((one) => searchOf(deps, one)));
    await findCommon(deps, { epoch, searches: some }, signal);
    for (const { caseId, heads, low } of some) await deps.log.layAside(caseId, heads[low] ?? emptyLog);
  }
  await deps.log.enterEpoch(epoch);
}

/**
 * Lets go of cases that may not be seen any more, once everything held of them is handed in: the person's own log of
 * the restored service need not say so.
 * @returns the cases that went.
 */
export async function dropUnseen(
  deps: RestoredDeps,
  epoch: string,
  signal: AbortSignal,
): Promise<readonly CaseId[]> {
  if ((await deps.log.get('accessUnsure')) !== true) return [];
  const ends = await deps.log.ends();
  const { visible } = await compare(deps, { epoch, points: ends }, signal);
  const gone: CaseId[] = [];
  for (const [index, end] of ends.entries()) {
    if (visible[index] === false && (await deps.log.dropCase(end.case))) gone.push(end.case);
  }
  await deps.log.set('accessUnsure', false);
  return gone;
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
    const { known } = await compare(deps, { epoch, points }, signal);
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
  readonly points: readonly LogEnd[];
}

async function compare(
  { service }: RestoredDeps,
  { epoch, points }: Comparing,
  signal: AbortSignal,
): Promise<CompareAnswer> {
  const known: boolean[] = [];
  const visible: boolean[] = [];
  for (let at = 0; at < points.length; at += maxComparedPoints) {
    const some = points.slice(at, at + maxComparedPoints);
    const answer = await service.compare({ epoch, points: some }, signal);
    known.push(...answer.known);
    visible.push(...answer.visible);
  }
  return { known, visible };
}
