/**
 * Hands out everything a laptop does not have yet in one answer without end: the first sync, or the one after a long
 * absence. The same pages as those of a pull, most recently changed cases first, line by line, made as fast as they
 * are taken. Each handful is read in a transaction of its own, so that access is judged anew all the time and nobody
 * else waits; where the line breaks, the laptop asks again with the cursors it has reached.
 */
import type { z } from 'zod';
import { TmaError } from '../../shared/errors.ts';
import type { CaseId } from '../../shared/ids.ts';
import type { CasePage, Cursor, StreamLine, streamRequestSchema } from '../../shared/sync/wire.ts';
import { reading } from '../db/scope.ts';
import type { SyncContext } from './context.ts';
import { fillPages, type WantedCase } from './pages.ts';
import { placeCursors } from './pull.ts';
import { type Asker, casesAhead, type DeviceAsker, revokedAfter } from './pullStore.ts';
import { endMemberships } from './refreshTeam.ts';

export type StreamAsked = z.output<typeof streamRequestSchema>;

/** What is read from the database at once. */
const casesAtOnce = 64;
const bytesAtOnce = 1024 * 1024;
/** Then the laptop asks again: a task that is to end has not to wait for longer. */
const longestMs = 60_000;

/** Throws, before the first line, `service.epoch-changed` and `service.log-contradicts` (params: case). */
export async function* streamLogs(
  context: SyncContext,
  asker: DeviceAsker,
  request: StreamAsked,
): AsyncGenerator<StreamLine> {
  if (request.epoch !== context.epoch) throw new TmaError('service.epoch-changed');
  await endMemberships(context, asker);
  let wanted = await wantedCases(context, asker, request);
  yield { cases: wanted.length };
  const endMs = performance.now() + longestMs;
  while (wanted.length > 0) {
    if (performance.now() > endMs) return;
    const { pages, left } = await nextPages(context, asker, wanted);
    await context.deliveries?.note(asker, pages);
    yield* pages;
    wanted = left;
  }
  yield { end: true };
}

function wantedCases(
  context: SyncContext,
  asker: Asker,
  { cursors: named, userCursor }: StreamAsked,
): Promise<readonly WantedCase[]> {
  const { tenant, user } = asker;
  return reading(context.db, { tenant, user, nowMs: context.nowMs() }, async (trx) => {
    const cursors = new Map(Object.entries(named) as [CaseId, Cursor][]); // keys checked by the schema
    const ahead = await casesAhead(trx, asker, cursors);
    const wanted = await placeCursors(trx, asker, { ahead, cursors });
    // What was taken away and given back begins anew, once the laptop has heard of both: by a pull.
    const taken = new Set(await revokedAfter(trx, asker, userCursor));
    return wanted.filter(({ caseId, wrappedKey }) => wrappedKey !== null && !taken.has(caseId));
  });
}

interface Next {
  readonly pages: readonly CasePage[];
  readonly left: readonly WantedCase[];
}

function nextPages(context: SyncContext, asker: Asker, wanted: readonly WantedCase[]): Promise<Next> {
  const { tenant, user } = asker;
  return reading(context.db, { tenant, user, nowMs: context.nowMs() }, async (trx) => {
    const some = wanted.slice(0, casesAtOnce);
    const { cases: pages, more } = await fillPages({ context, trx, asker, maxBytes: bytesAtOnce }, some);
    const last = pages.at(-1);
    const at = more && last !== undefined ? some.findIndex(({ caseId }) => caseId === last.case) : -1;
    const one = some[at];
    if (last === undefined || one === undefined) return { pages, left: wanted.slice(some.length) };
    // The last one is not all here, or those after it are not.
    const rest = last.more ? [{ ...one, after: last.head.position, anew: false }] : [];
    return { pages, left: [...rest, ...wanted.slice(at + 1)] };
  });
}
