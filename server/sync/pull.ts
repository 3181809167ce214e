/**
 * Hands out what a laptop does not have yet: first what it may see from now on or no more, then the logs of
 * its cases after the laptop's cursors, most recently changed first. Waits for news when there is none.
 */
import type { z } from 'zod';
import { fromBase64Url, toBase64Url } from '../../shared/bytes.ts';
import { TmaError } from '../../shared/errors.ts';
import type { CaseId } from '../../shared/ids.ts';
import { emptyLog } from '../../shared/sync/log.ts';
import type { Cursor, PullAnswer, pullRequestSchema } from '../../shared/sync/wire.ts';
import { reading, type Trx } from '../db/scope.ts';
import { longestWaitMs } from '../timing.ts';
import { noteHeard } from '../wipe/orders.ts';
import type { SyncContext } from './context.ts';
import { glassAfter } from './glass.ts';
import { fillPages, type WantedCase } from './pages.ts';
import {
  type Asker,
  type CaseAhead,
  casesAhead,
  type DeviceAsker,
  markOf,
  runningAt,
  type Since,
  userEvents,
} from './pullStore.ts';
import { endMemberships } from './refreshTeam.ts';

export type PullAsked = z.output<typeof pullRequestSchema>;

const eventsPerAnswer = 500;

/**
 * Throws `service.epoch-changed`, `service.log-contradicts` (params: case) for a cursor this log never had, and
 * `auth.device-revoked` where that happens while it waits.
 */
export async function pull(
  context: SyncContext,
  asker: DeviceAsker,
  request: PullAsked,
  gone: AbortSignal,
): Promise<PullAnswer> {
  if (request.epoch !== context.epoch) throw new TmaError('service.epoch-changed');
  // Watches before it looks: what is committed in between is not missed.
  const waitMs = Math.min(request.waitMs, longestWaitMs);
  const listener = { ...asker, isIntake: asker.role === 'intake' };
  const watch = waitMs > 0 ? context.notifier.watch(listener, waitMs) : undefined;
  const end = () => watch?.end();
  gone.addEventListener('abort', end, { once: true });
  try {
    let answer = await look(context, asker, request);
    // News may be of something that was handed out already: then this goes on waiting.
    while (isEmpty(answer) && (await watch?.next()) === true) {
      if (watch?.isRevoked()) throw await revoked(context, asker);
      answer = await look(context, asker, request);
    }
    await context.deliveries?.note(asker, answer.cases);
    return answer;
  } finally {
    gone.removeEventListener('abort', end);
    end();
  }
}

/** The order to wipe reaches a laptop that waits for news at once. */
async function revoked(context: SyncContext, asker: DeviceAsker): Promise<TmaError> {
  await noteHeard(context, asker);
  return new TmaError('auth.device-revoked');
}

async function look(context: SyncContext, asker: Asker, request: PullAsked): Promise<PullAnswer> {
  await endMemberships(context, asker);
  const { tenant, user } = asker;
  return reading(context.db, { tenant, user, nowMs: context.nowMs() }, async (trx) => {
    const page = { after: request.userCursor, limit: eventsPerAnswer + 1 };
    const found = await userEvents(trx, asker, page);
    const events = found.slice(0, eventsPerAnswer);
    const cursors = new Map(Object.entries(request.cursors) as [CaseId, Cursor][]); // keys checked by the schema
    const { mark, end } = await markOf(trx);
    const since = sinceOf(request, end);
    const changed = await casesAhead(trx, asker, cursors, since);
    const isNamed = ({ caseId }: CaseAhead) => request.since === undefined || cursors.has(caseId);
    const unnamed = changed.filter((one) => !isNamed(one)).map(({ caseId }) => caseId);
    const wanted = await placeCursors(trx, asker, { ahead: changed.filter(isNamed), cursors });
    // What was taken away and given back begins anew, once the laptop has heard of both.
    const taken = new Set(events.filter((event) => event.type === 'revoked').map((event) => event.case));
    const ready = wanted.filter((one) => !taken.has(one.caseId));
    const pages = await fillPages({ context, trx, asker, maxBytes: request.maxBytes }, ready);
    const isRest = ready.length < wanted.length || pages.more;
    const { glassCursor } = request;
    const glass =
      glassCursor === undefined ? [] : await glassAfter(context, trx, { ...asker, after: glassCursor });
    return {
      ...{ events, cases: [...pages.cases], more: isRest || found.length > events.length },
      ...(isRest || unnamed.length > 0 ? {} : { since: mark }),
      ...(unnamed.length > 0 ? { unnamed } : {}),
      ...(glass.length > 0 ? { glass: [...glass] } : {}),
    };
  });
}

/** A mark that this database has not come to yet is of no use: then every case counts as changed. */
function sinceOf({ since, userCursor }: PullAsked, end: string): Since | undefined {
  return since === undefined || BigInt(since) > BigInt(end) ? undefined : { mark: since, userCursor };
}

interface Cursors {
  readonly ahead: readonly CaseAhead[];
  readonly cursors: ReadonlyMap<CaseId, Cursor>;
}

/**
 * Checks that each cursor is a point of the log as it stands here. Where the laptop's person reads something else of the
 * case than when it got there, the case begins anew; what it holds binds this log by the head it has kept.
 */
export async function placeCursors(
  trx: Trx,
  asker: Asker,
  { ahead, cursors }: Cursors,
): Promise<readonly WantedCase[]> {
  const inside = ahead.flatMap(({ caseId, position, anew }) => {
    const cursor = anew ? undefined : cursors.get(caseId);
    return cursor !== undefined && cursor.position > 0 && cursor.position < position
      ? [{ caseId, position: cursor.position }]
      : [];
  });
  const runnings =
    inside.length === 0 ? new Map<CaseId, Uint8Array>() : await runningAt(trx, asker.tenant, inside);
  return ahead.map((one) => {
    const cursor = one.anew ? emptyLog : (cursors.get(one.caseId) ?? emptyLog);
    const running = cursor.position === 0 ? fromBase64Url(emptyLog.running) : runnings.get(one.caseId);
    if (running === undefined || toBase64Url(running) !== cursor.running) {
      throw new TmaError('service.log-contradicts', { case: one.caseId });
    }
    return { ...one, after: cursor.position };
  });
}

function isEmpty(answer: PullAnswer): boolean {
  const { events, cases, more, unnamed, glass } = answer;
  const isQuiet = events.length === 0 && cases.length === 0 && unnamed === undefined && glass === undefined;
  return isQuiet && !more;
}
