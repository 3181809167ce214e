/**
 * Takes what is new on the service: verifies each page and hands it to the vault, case by case. A case whose log
 * contradicts what is here is set aside and reported; the others go on.
 */
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { emptyLog } from '../../../shared/sync/log.ts';
import type { CasePage, Cursor, PullAnswer, UserEvent } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { CaseCursor, LocalLog } from '../storage/logPort.ts';
import { type PageVerdict, verifyPage } from './verifyPage.ts';

export interface PullerDeps {
  readonly log: LocalLog;
  readonly service: ServiceClient;
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
  /** Fetches the directory anew: a page names a device that is not in ours. */
  readonly refreshDirectory: (signal: AbortSignal) => Promise<void>;
  /** Hands in what is pending, before a case goes. */
  readonly pushFirst: (signal: AbortSignal) => Promise<void>;
  /** Told after each answer how many entries it brought and whose cases look different now. */
  readonly onPulled: (pulled: {
    readonly entries: number;
    readonly touched: readonly CaseId[];
  }) => Promise<void>;
}

export interface Taken {
  /** There is more to fetch at once. */
  readonly more: boolean;
  /** Something in the answer could not be used; asking again at once would bring the same. */
  readonly isStuck: boolean;
}

export interface Puller {
  /** Fetches and applies everything there is. */
  pullAll(epoch: string, signal: AbortSignal): Promise<void>;
  /** Asks once; the service waits up to `waitMs` for something new. */
  ask(
    question: { readonly epoch: string; readonly waitMs: number },
    signal: AbortSignal,
  ): Promise<PullAnswer>;
  /** Verifies and applies an answer. */
  take(answer: PullAnswer, signal: AbortSignal): Promise<Taken>;
  /** Why a case is set aside, where one is. */
  problem(): ErrorCode | null;
  /** Gives the cases set aside another chance. */
  forgive(): void;
}

const maxPullBytes = 1024 * 1024;

/** What a case that is set aside is said to stand at, so that the service does not send it over and over. */
interface SetAside {
  readonly code: ErrorCode;
  readonly cursor: Cursor;
}

export function createPuller(deps: PullerDeps): Puller {
  const { log } = deps;
  const setAside = new Map<CaseId, SetAside>();

  const ask: Puller['ask'] = async ({ epoch, waitMs }, signal) => {
    const known = await log.cursors();
    const cursors: Record<CaseId, Cursor> = {};
    for (const [caseId, { position, running }] of known) cursors[caseId] = { position, running };
    for (const [caseId, { cursor }] of setAside) cursors[caseId] = cursor;
    const userCursor = (await log.get('userCursor')) ?? 0;
    return deps.service.pull({ epoch, userCursor, cursors, waitMs, maxBytes: maxPullBytes }, signal);
  };

  const judge = async (page: CasePage, cursor: CaseCursor | undefined): Promise<PageVerdict> => {
    const here = {
      cursor: cursor ?? emptyLog,
      kept: cursor?.head ?? null,
      points: await log.devicePoints(page.case),
    };
    return verifyPage(page, here, {
      keys: await log.deviceKeys(),
      serviceKey: deps.serviceKey,
      crypto: deps.crypto,
    });
  };

  /** @returns how many entries were applied, and whether the case looks different now. */
  const takePage = async (page: CasePage, cursor: CaseCursor | undefined, signal: AbortSignal) => {
    let verdict = await judge(page, cursor);
    if (verdict.outcome === 'unknown-device') {
      await deps.refreshDirectory(signal);
      verdict = await judge(page, cursor);
    }
    if (verdict.outcome === 'verified') {
      try {
        return await log.applyCasePage(verdict.page);
      } catch (thrown) {
        if (!isAboutTheLog(thrown)) throw thrown;
        verdict = { outcome: 'refused', code: thrown.code };
      }
    }
    const code = verdict.outcome === 'refused' ? verdict.code : 'service.answer-invalid';
    const { position, running } = page.head;
    setAside.set(page.case, { code, cursor: { position, running } });
    return undefined;
  };

  const take: Puller['take'] = async (answer, signal) => {
    const cursors = answer.cases.length > 0 ? await log.cursors() : new Map<CaseId, CaseCursor>();
    const touched = new Set<CaseId>();
    let entries = 0;
    let isStuck = false;
    for (const page of answer.cases) {
      if (signal.aborted) throw new TmaError('service.unreachable');
      const applied = await takePage(page, cursors.get(page.case), signal);
      entries += applied?.entries ?? 0;
      if (applied?.changed === true) touched.add(page.case);
      if (applied === undefined) isStuck = true;
    }
    for (const caseId of lost(answer.events)) {
      await deps.pushFirst(signal);
      await log.dropCase(caseId);
      setAside.delete(caseId);
      touched.add(caseId);
    }
    // Not before everything it announces is here: a case that was granted is known from this log alone.
    const last = answer.events.at(-1);
    if (!answer.more && last !== undefined) await log.set('userCursor', last.position);
    await deps.onPulled({ entries, touched: [...touched] });
    return { more: answer.more, isStuck };
  };

  return {
    ask,
    take,
    async pullAll(epoch, signal) {
      for (let more = true; more && !signal.aborted; ) {
        ({ more } = await take(await ask({ epoch, waitMs: 0 }, signal), signal));
      }
    },
    problem: () => setAside.values().next().value?.code ?? null,
    forgive: () => setAside.clear(),
  };
}

/** Cases that may not be seen any more: what the last event about each says. */
export function lost(events: readonly UserEvent[]): readonly CaseId[] {
  const latest = new Map(events.map((event) => [event.case, event.type]));
  return [...latest].filter(([, type]) => type === 'revoked').map(([caseId]) => caseId);
}

function isAboutTheLog(thrown: unknown): thrown is TmaError {
  return (
    thrown instanceof TmaError &&
    (thrown.code === 'service.log-contradicts' || thrown.code.startsWith('change.'))
  );
}
