/** What one turn of the loop does: a full exchange, then staying up to date until something fails. */
import { schemaVersion } from '../../../shared/domain/kinds.ts';
import { TmaError } from '../../../shared/errors.ts';
import { type HelloAnswer, type PullAnswer, protocolVersion } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { SyncEngineDeps } from './engine.types.ts';
import { createPuller } from './pull.ts';
import { createPusher } from './push.ts';
import { createStatus, type Status } from './status.ts';
import { type Bell, pause } from './waiting.ts';

/** How long the service is asked to wait for news. */
const pollMs = 50_000;
/** Directory, clock and refusals are looked at anew this often. */
const refreshMs = 600_000;
/** Edits made in quick succession go together. */
const gatherMs = 250;
/** Before an answer that could not be used is asked for again. */
const stuckMs = 30_000;

export interface Rounds {
  readonly status: Status;
  /** Hello, push everything, pull everything. */
  full(signal: AbortSignal): Promise<void>;
  /** Waits for news and for edits made here, and exchanges them as they come; returns when a full round is due. */
  keepUp(signal: AbortSignal): Promise<void>;
}

export function createRounds(deps: SyncEngineDeps, service: ServiceClient, bell: Bell): Rounds {
  const { log, clock, crypto, emit, serviceKey } = deps;
  const { signer } = deps.device;
  let epoch = '';
  let mayRead = true;

  const status = createStatus({ ...deps, problem: () => puller.problem() });

  const hello = async (signal: AbortSignal): Promise<void> => {
    const atMs = clock.nowMs();
    const request = { program: deps.program, protocol: protocolVersion, schema: schemaVersion };
    const answer = await service.hello(request, signal);
    status.compareClocks(answer, { atMs, answeredAtMs: clock.nowMs() });
    assertSpeaksOurs(answer);
    const known = await log.get('epoch');
    // A service restored from a backup: what it lost has to be handed in again, under a person's eyes.
    if (known !== undefined && known !== answer.epoch) throw new TmaError('service.epoch-changed');
    if (known === undefined) await log.set('epoch', answer.epoch);
    epoch = answer.epoch;
    mayRead = answer.schema.min <= schemaVersion;
    if (await log.saveDirectory(answer.directory)) emit('directory', {});
    deps.onHello(answer);
  };

  const pusher = createPusher({
    ...{ log, service, signer, serviceKey, crypto },
    async onPushed({ changes, touched }) {
      if (touched.length > 0) emit('cases', { caseIds: [...touched], origin: 'here' });
      await status.moved(changes);
    },
  });
  const puller = createPuller({
    ...{ log, service, serviceKey, crypto },
    refreshDirectory: hello,
    pushFirst: (signal) => pusher.pushAll(epoch, signal),
    async onPulled({ entries, touched }) {
      if (touched.length > 0) emit('cases', { caseIds: [...touched], origin: 'elsewhere' });
      await status.moved(entries);
    },
  });

  const pushEdits = async (signal: AbortSignal): Promise<void> => {
    await pause(clock, gatherMs, signal);
    bell.answer();
    await pusher.pushAll(epoch, signal);
  };

  const takeNews = async (answer: PullAnswer, signal: AbortSignal): Promise<void> => {
    const { more, isStuck } = await puller.take(answer, signal);
    if (more) await puller.pullAll(epoch, signal);
    await status.succeeded();
    if (isStuck) await pause(clock, stuckMs, signal);
  };

  return {
    status,
    async full(signal) {
      await status.began();
      bell.answer();
      await log.releaseRefused();
      puller.forgive();
      await hello(signal);
      await pusher.pushAll(epoch, signal);
      if (!mayRead) throw new TmaError('service.update-program');
      await puller.pullAll(epoch, signal);
      if (signal.aborted) throw new TmaError('service.unreachable');
      await status.succeeded();
    },
    async keepUp(signal) {
      const dueAtMs = clock.nowMs() + refreshMs;
      const poll = createPoll((pollSignal) => puller.ask({ epoch, waitMs: pollMs }, pollSignal), signal);
      try {
        while (!signal.aborted && clock.nowMs() < dueAtMs) {
          const news = await Promise.race([poll.answer(), bell.rung()]);
          if (signal.aborted) return;
          if (news === undefined) {
            // The question stays open meanwhile: its answer does not depend on what is pushed.
            await pushEdits(signal);
            continue;
          }
          poll.next();
          await takeNews(news, signal);
        }
      } finally {
        poll.end();
      }
    },
  };
}

interface Poll {
  /** The answer to the question that is open; asks where none is. */
  answer(): Promise<PullAnswer>;
  /** The answer was taken. */
  next(): void;
  end(): void;
}

function createPoll(ask: (signal: AbortSignal) => Promise<PullAnswer>, signal: AbortSignal): Poll {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  let open: Promise<PullAnswer> | null = null;
  return {
    answer() {
      if (open === null) {
        open = ask(either);
        // Whoever waits for it hears of its failure; when nobody does any more, nobody needs to.
        open.catch(() => undefined);
      }
      return open;
    },
    next() {
      open = null;
    },
    end: () => ending.abort(),
  };
}

function assertSpeaksOurs({ protocol }: HelloAnswer): void {
  if (protocolVersion < protocol.min || protocolVersion > protocol.max) {
    throw new TmaError('service.update-program');
  }
}
