/**
 * Keeps this laptop and the service the same. One loop, which never ends by itself:
 *
 *   hello → push what is pending → pull until nothing is new → wait for news, or for an edit made here
 *     └── any failure: wait (`backOff.ts`), begin again
 *
 * A request that fails, an answer that is wrong, a defect of our own: each ends one turn of the loop and none ends
 * the loop. Nothing is lost by a turn that ends early: what was taken is in the vault, and what was not is asked
 * for again.
 */
import { TmaError, toTmaError } from '../../../shared/errors.ts';
import { sideBySide } from '../../../shared/gather.ts';
import { createServiceClient, type PinnedClient, type ServiceClient } from '../service/client.ts';
import { createPinKeeper } from '../service/pinning.ts';
import { nextDelayMs } from './backOff.ts';
import type { CreateSyncEngine, SyncEngineDeps } from './engine.types.ts';
import { mostPushesAtOnce } from './push.ts';
import { createRounds } from './rounds.ts';
import { aborted, createBell, pause } from './waiting.ts';

/** How long the keys of a laptop that is taken back may wait for what was not sent to be handed in. */
const leaveLimitMs = 20_000;
/** A person waits for it. */
const leasesLimitMs = 20_000;

export const createSyncEngine: CreateSyncEngine = (deps) => {
  const { clock } = deps;
  const { service, readKept } = pinnedService(deps);
  const bell = createBell();
  const rounds = createRounds({ ...deps, gather: sideBySide(mostPushesAtOnce) }, service, bell);
  const { status } = rounds;
  const waitingForRound: (() => void)[] = [];
  const underWay = new Set<Promise<unknown>>();
  let turn = new AbortController();
  let isInRound = false;
  let isStopping = false;
  let loop: Promise<void> | null = null;
  let failures = 0;
  /** Ends with the turn under way, however it ends. */
  let turnOver: Promise<unknown> = Promise.resolve();
  /** No turn begins before it is over. */
  let expiring: Promise<unknown> = Promise.resolve();
  let endEndings: (() => void) | undefined;

  const roundOver = (): void => {
    for (const resolve of waitingForRound.splice(0)) resolve();
  };

  const takeTurn = async (signal: AbortSignal): Promise<void> => {
    if (await status.isHeld()) {
      roundOver();
      return aborted(signal);
    }
    isInRound = true;
    try {
      await rounds.full(signal);
    } finally {
      isInRound = false;
    }
    failures = 0;
    roundOver();
    await rounds.keepUp(signal);
  };

  const afterFailure = async (thrown: unknown, signal: AbortSignal): Promise<void> => {
    const error = toTmaError(thrown);
    failures += 1;
    const delayMs = nextDelayMs(error, failures, deps.random);
    // A vault that cannot take a note must not keep the next try from coming.
    await status.failed(error, clock.nowMs() + delayMs).catch(() => undefined);
    roundOver();
    await pause(clock, delayMs, signal);
  };

  const run = async (): Promise<void> => {
    await readKept().catch(() => undefined);
    while (!isStopping) {
      await expiring;
      turn = new AbortController();
      const { signal } = turn;
      const taking = takeTurn(signal);
      turnOver = taking.catch(() => undefined);
      try {
        await taking;
      } catch (thrown) {
        // Called off by us: by a wish for another round, by working offline, by the end.
        if (!signal.aborted) await afterFailure(thrown, signal);
      }
    }
    roundOver();
  };

  /** For what is not awaited by anybody but must be over when the engine has stopped. */
  const track = (work: Promise<unknown>): void => {
    const over = work.catch(() => undefined).finally(() => underWay.delete(over));
    underWay.add(over);
  };

  return {
    get: () => status.get(),
    async now() {
      const isHeld = await status.isHeld();
      if (isHeld || loop === null || isStopping) return status.get();
      const over = new Promise<void>((resolve) => waitingForRound.push(resolve));
      if (!isInRound) turn.abort();
      await over;
      return status.get();
    },
    async hold(offline) {
      await status.held(offline);
      turn.abort();
      return status.get();
    },
    start() {
      endEndings ??= rounds.watchEndings(track);
      loop ??= run();
    },
    async stop() {
      isStopping = true;
      endEndings?.();
      turn.abort();
      await loop;
      await Promise.all(underWay);
      service.close();
    },
    handInSignIn: (signIn) => service.signIn(signIn),
    depositShare: (request) => service.depositShare(request),
    leave: () => rounds.leave(AbortSignal.timeout(leaveLimitMs)),
    async leases(request) {
      if (await status.isHeld()) throw new TmaError('service.unreachable');
      return rounds.leases(request, AbortSignal.timeout(leasesLimitMs));
    },
    expire(cases) {
      turn.abort();
      const work = turnOver.then(() => rounds.expire(cases));
      expiring = work.catch(() => undefined);
      track(work);
      return work;
    },
    wake() {
      if (isStopping) return;
      bell.ring();
      track(status.tell());
    },
    blobs: service.blobs,
    async tell() {
      await status.tell();
      return status.get();
    },
  };
};

/** S01: the service, with an eye on newer sets of pins in its answers; what was taken is kept in the vault. */
function pinnedService({ log, ...deps }: SyncEngineDeps): {
  readonly service: ServiceClient & Pick<PinnedClient, 'blobs'>;
  /** Takes what was kept, which is verified again. */
  readonly readKept: () => Promise<void>;
} {
  const { nowMs } = deps.clock;
  const pins = createPinKeeper({ installed: deps.service.pinning, crypto: deps.crypto, nowMs });
  const client = createServiceClient({ ...deps, pins });
  return {
    service: {
      ...client,
      async hello(request, signal) {
        const answer = await client.hello(request, signal);
        if (answer.pins !== undefined && pins.take(answer.pins, client.chain()) === 'taken') {
          await log.set('pins', answer.pins);
        }
        return answer;
      },
    },
    async readKept() {
      const kept = await log.get('pins');
      if (kept !== undefined) pins.take(kept, null);
    },
  };
}
