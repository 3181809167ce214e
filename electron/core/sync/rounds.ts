/** What one turn of the loop does: a full exchange, then staying up to date until something fails. */
import { schemaVersion } from '../../../shared/domain/kinds.ts';
import { TmaError } from '../../../shared/errors.ts';
import type { Gather } from '../../../shared/gather.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { LeasesAnswer, LeasesRequest } from '../../../shared/sync/leases.ts';
import type { PacketReason } from '../../../shared/sync/packet.ts';
import { type HelloAnswer, protocolVersion } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { RunLimits } from '../storage/logPort.ts';
import { watchEndings } from './endings.ts';
import type { SyncEngineDeps } from './engine.types.ts';
import { readerHere } from './handful.ts';
import { handIn } from './handIn.ts';
import { createPacketHandIn } from './handInPackets.ts';
import { createLeaseKeeper } from './leaseKeeper.ts';
import { createPuller, type Heard } from './pull.ts';
import { createPusher, type PusherDeps } from './push.ts';
import { dropUnseen, meetRestored } from './restored.ts';
import { sealTo } from './sealing.ts';
import { createStatus, type Status } from './status.ts';
import { succeed } from './succeed.ts';
import { type Bell, pause } from './waiting.ts';
import { createWitnessing } from './witness.ts';

/** How long the service is asked to wait for news. */
const pollMs = 50_000;
/** Directory, clock and refusals are looked at anew this often. */
const refreshMs = 600_000;
/** Edits made in quick succession go together. */
const gatherMs = 250;
/** Before an answer that could not be used is asked for again. */
const stuckMs = 30_000;
/** A service that has no room for those who wait answers at once; then we wait here, this long and up to five times. */
const shortestPollMs = 1_000;

export interface Rounds {
  readonly status: Status;
  /** Looks at what ends by itself, with or without a line; the returned function ends that. */
  watchEndings(track: (work: Promise<unknown>) => void): () => void;
  /** Hello, push everything, pull everything. */
  full(signal: AbortSignal): Promise<void>;
  /**
   * For a laptop that is taken back: seals what was not sent and hands it in. False where that could not be done now:
   * then every case is removed, and it is to be tried again before the keys are destroyed.
   */
  leave(signal: AbortSignal): Promise<boolean>;
  /**
   * The time of these cases is over: seals what was not sent in them and removes them.
   * @returns those that have to stay, because there is nothing to seal with.
   */
  expire(cases: readonly CaseId[]): Promise<readonly CaseId[]>;
  /** Checks a case out, or gives some back, and keeps what was granted. */
  leases(request: LeasesRequest, signal: AbortSignal): Promise<LeasesAnswer>;
  /** Waits for news and for edits made here, and exchanges them as they come; returns when a full round is due. */
  keepUp(signal: AbortSignal): Promise<void>;
}

export interface RoundsDeps extends SyncEngineDeps {
  /** How what can be sent side by side is sent. */
  readonly gather: Gather;
  /** How much goes into one push; all that the service takes, where nothing is said. */
  readonly pushLimits?: RunLimits;
}

export function createRounds(deps: RoundsDeps, service: ServiceClient, bell: Bell): Rounds {
  const { log, clock, crypto, emit, serviceKey } = deps;
  const { signer } = deps.device;
  const leases = createLeaseKeeper({ log, service, clock, emit });
  let epoch = '';
  let mayRead = true;

  const status = createStatus({
    ...deps,
    setAside: () => new Map([...contradicted(), ...puller.setAside()]),
    problem: () => packets.problem(),
  });

  /** The witness names another log of these than the one here. */
  const contradicted = () =>
    witness.contradicted().map((caseId) => [caseId, 'service.log-contradicts'] as const);

  /** @returns the cases that were taken away. */
  const hello = async (signal: AbortSignal): Promise<readonly CaseId[]> => {
    const atMs = clock.nowMs();
    const notices = deps.notices?.pending() ?? [];
    const userCursor = (await log.get('userCursor')) ?? 0;
    const request = { program: deps.program, protocol: protocolVersion, schema: schemaVersion, userCursor };
    const answer = await service.hello(
      notices.length === 0 ? request : { ...request, notices: [...notices] },
      signal,
    );
    if (notices.length > 0) deps.notices?.told(notices);
    const aheadMs = answer.serverTimeMs - clock.nowMs();
    if (Math.abs(aheadMs - ((await log.get('serviceAheadMs')) ?? 0)) > 1_000)
      await log.set('serviceAheadMs', aheadMs);
    status.compareClocks(answer, { atMs, answeredAtMs: clock.nowMs() });
    assertSpeaksOurs(answer);
    const known = await log.get('epoch');
    if (known === undefined) await log.set('epoch', answer.epoch);
    else if (known !== answer.epoch) await meetRestored({ log, service, crypto }, answer.epoch, signal);
    epoch = answer.epoch;
    mayRead = answer.schema.min <= schemaVersion;
    if (await log.saveDirectory(answer.directory)) emit('directory', {});
    const escrow = answer.escrow ?? null;
    if (JSON.stringify((await log.get('escrow')) ?? null) !== JSON.stringify(escrow))
      await log.set('escrow', escrow);
    deps.onHello(await leases.renewed(answer, atMs, signal));
    // A restored service counts the person's log anew; what was taken away comes with the pull.
    return known === answer.epoch ? (answer.lost ?? []) : [];
  };

  const pushing: PusherDeps = {
    ...{ log, service, signer, serviceKey, crypto, gather: deps.gather },
    ...(deps.pushLimits === undefined ? {} : { limits: deps.pushLimits }),
    async onPushed({ changes, touched }) {
      puller.moved(touched);
      if (touched.length > 0) emit('cases', { caseIds: [...touched], origin: 'here' });
      await status.moved('sending', changes);
    },
  };
  const pusher = createPusher(pushing);
  const pushAll = async (signal: AbortSignal): Promise<void> => {
    await handIn(pushing, epoch, signal);
    await pusher.pushAll(epoch, signal);
  };
  const sealer = async (reason: PacketReason) =>
    sealTo(await log.get('escrow'), { device: deps.device, crypto, nowMs: clock.nowMs }, reason);
  const puller = createPuller({
    ...{ log, service, serviceKey, crypto },
    ownDevice: () => deps.device.id,
    startReader: deps.startReader ?? readerHere(crypto),
    refreshDirectory: hello,
    sealer: () => sealer('revoked'),
    pushFirst: pushAll,
    async onPulled({ entries, touched, cases }) {
      if (touched.length > 0) emit('cases', { caseIds: [...touched], origin: 'elsewhere' });
      await status.moved('fetching', entries, cases);
    },
    onGlass: () => emit('glass', {}),
    async between(signal) {
      if (bell.answer()) await pushAll(signal);
    },
  });

  const witness = createWitnessing({
    ...{ log, service, serviceKey, crypto, clock },
    pullAll: (signal) => puller.pullAll(epoch, signal),
    isAside: (caseId) => puller.setAside().has(caseId),
  });

  const packets = createPacketHandIn({ log, service, onTaken: () => status.tell() });

  const pushEdits = async (signal: AbortSignal): Promise<void> => {
    await pause(clock, gatherMs, signal);
    bell.answer();
    await pushAll(signal);
  };

  /** @returns how long to wait before asking again. */
  const takeNews = async (heard: Heard, askedForMs: number, signal: AbortSignal): Promise<number> => {
    const { answer } = heard;
    const { more, isStuck } = await puller.take(heard, signal);
    if (more) await puller.pullAll(epoch, signal);
    await packets.all(signal);
    if (isSetBack()) throw new TmaError('change.chain-broken');
    await status.succeeded();
    if (isStuck) return stuckMs;
    const isNews = more || answer.cases.length > 0 || answer.events.length > 0 || answer.glass !== undefined;
    return isNews || askedForMs >= shortestPollMs ? 0 : shortestPollMs * (1 + 4 * deps.random());
  };

  /** An edit made here ends it early. */
  const breathe = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms === 0) return;
    const over = new AbortController();
    await Promise.race([pause(clock, ms, AbortSignal.any([signal, over.signal])), bell.rung()]);
    over.abort();
  };

  const isSetBack = () => [...puller.setAside().values()].includes('change.chain-broken');

  const goOnAnew = async (signal: AbortSignal): Promise<void> => {
    const { program, unlockKey } = deps;
    await succeed({ log, service, crypto, clock, program, unlockKey }, signal);
    deps.onSucceeded?.();
  };

  const exchange = async (signal: AbortSignal): Promise<void> => {
    bell.answer();
    await log.releaseRefused();
    puller.forgive();
    await puller.leave(await hello(signal));
    await packets.all(signal);
    await pushAll(signal);
    const unseen = await dropUnseen({ log, service, crypto }, epoch, signal);
    if (unseen.length > 0) emit('cases', { caseIds: [...unseen], origin: 'elsewhere' });
    if (!mayRead) throw new TmaError('service.update-program');
    await puller.pullAll(epoch, signal);
    await packets.all(signal);
    if (isSetBack()) throw new TmaError('change.chain-broken');
    await witness.ask(epoch, signal);
  };

  return {
    status,
    watchEndings: (track) =>
      watchEndings(
        {
          ...{ log, clock, crypto },
          sealer: () => sealer('expired'),
          onEnded: (cases) => emit('cases', { caseIds: [...cases], origin: 'elsewhere' }),
        },
        track,
      ),
    async full(signal) {
      await status.began();
      if (deps.isSetBack?.() === true) await goOnAnew(signal);
      try {
        await exchange(signal);
      } catch (thrown) {
        if (!endsChain(thrown)) throw thrown;
        await goOnAnew(signal);
        await exchange(signal);
      }
      if (signal.aborted) throw new TmaError('service.unreachable');
      await log.forgetExpired();
      await status.succeeded();
    },
    async leave(signal) {
      const seal = await sealer('wiped');
      // Nothing to seal to: what waits goes with the keys, and is told by its number.
      if (seal === undefined) return true;
      for (const caseId of await log.caseIds('waiting')) await log.dropCase(caseId, seal, true);
      try {
        await packets.all(signal);
        return true;
      } catch {
        for (const caseId of await log.caseIds('all')) await log.dropCase(caseId, seal, true);
        return false;
      }
    },
    leases: (request, signal) => leases.ask(request, signal),
    async expire(cases) {
      const seal = await sealer('expired');
      const kept: CaseId[] = [];
      for (const caseId of cases) {
        if (!(await log.expireCase(caseId, { atMs: clock.nowMs(), seal }))) kept.push(caseId);
      }
      emit('cases', { caseIds: [...cases], origin: 'elsewhere' });
      await status.tell();
      return kept;
    },
    async keepUp(signal) {
      let askedAtMs = clock.nowMs();
      let isDue = false;
      // By a timer: the wall clock of a laptop may jump back by a year.
      const cancelDue = clock.after(refreshMs, () => {
        isDue = true;
      });
      const poll = createPoll((pollSignal) => puller.ask({ epoch, waitMs: pollMs }, pollSignal), signal);
      try {
        while (!signal.aborted && !isDue) {
          const news = await Promise.race([poll.answer(), bell.rung()]);
          if (signal.aborted) return;
          if (news === undefined) {
            // The question stays open meanwhile: its answer does not depend on what is pushed.
            await pushEdits(signal);
            continue;
          }
          poll.next();
          await breathe(await takeNews(news, clock.nowMs() - askedAtMs, signal), signal);
          askedAtMs = clock.nowMs();
        }
      } finally {
        cancelDue();
        poll.end();
      }
    },
  };
}

/** The service, or the log it shows, has something else under this laptop's id: the vault was set back or copied. */
function endsChain(thrown: unknown): boolean {
  const isTold = thrown instanceof TmaError;
  return isTold && (thrown.code === 'change.id-reused' || thrown.code === 'change.chain-broken');
}

interface Poll {
  /** The answer to the question that is open; asks where none is. */
  answer(): Promise<Heard>;
  /** The answer was taken. */
  next(): void;
  end(): void;
}

function createPoll(ask: (signal: AbortSignal) => Promise<Heard>, signal: AbortSignal): Poll {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  let open: Promise<Heard> | null = null;
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
