/**
 * Takes what is new on the service: verifies each page and hands it to the vault, case by case. A case whose log
 * contradicts what is here is set aside and reported; the others go on.
 */
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import { type CaseId, caseIdSchema, type DeviceId } from '../../../shared/ids.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { emptyLog } from '../../../shared/sync/log.ts';
import type { CasePage, Cursor, PullAnswer, UserEvent } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { CaseCursor, LocalLog, VerifiedPage } from '../storage/logPort.ts';
import type { Seal } from '../storage/packets.ts';
import { followStream } from './followStream.ts';
import type { StartReader } from './handful.ts';
import { type AskedWith, createMarks } from './marks.ts';
import { type AskedAt, takeHandfuls } from './takeHandfuls.ts';
import { type PageVerdict, verifyPage } from './verifyPage.ts';

export interface PullerDeps {
  readonly log: LocalLog;
  readonly service: ServiceClient;
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
  readonly ownDevice: () => DeviceId;
  /** Reads what a stream brings. */
  readonly startReader: StartReader;
  /** Fetches the directory anew: a page names a device that is not in ours. */
  readonly refreshDirectory: (signal: AbortSignal) => Promise<unknown>;
  /** Seals what is pending in a case that goes; `undefined` where the organisation has no key for that. */
  readonly sealer: () => Promise<Seal | undefined>;
  /** Without such a key: hands in what is pending, before a case goes. */
  readonly pushFirst: (signal: AbortSignal) => Promise<void>;
  /** Told after each answer how many entries it brought and whose cases look different now. */
  readonly onPulled: (pulled: Pulled) => Promise<void>;
  /** Somebody broke the glass, and this person is to know. */
  readonly onGlass: () => void;
  /** What was written here meanwhile goes out between two handfuls of a long stream. */
  readonly between: (signal: AbortSignal) => Promise<void>;
}

export interface Pulled {
  readonly entries: number;
  readonly touched: readonly CaseId[];
  /** While many cases come: how many of them are whole here, and how many there will be. */
  readonly cases?: { readonly done: number; readonly total: number };
}

export interface Taken {
  /** There is more to fetch at once. */
  readonly more: boolean;
  /** Nothing in the answer could be used; asking again at once would bring the same. */
  readonly isStuck: boolean;
}

/** An answer, and how each case stood here when it was asked for. */
export interface Heard {
  readonly answer: PullAnswer;
  readonly asked: ReadonlyMap<CaseId, AskedAt>;
  readonly with: AskedWith | undefined;
}

const nothingYet: AskedAt = { position: 0, signed: 0 };

export interface Puller {
  /** Fetches and applies everything there is. */
  pullAll(epoch: string, signal: AbortSignal): Promise<void>;
  /** Asks once; the service waits up to `waitMs` for something new. */
  ask(question: { readonly epoch: string; readonly waitMs: number }, signal: AbortSignal): Promise<Heard>;
  /** Seals and removes cases that were taken away, before anything is pushed. Without a key for that the pull does it. */
  leave(lost: readonly CaseId[]): Promise<void>;
  /** Verifies and applies an answer. */
  take(heard: Heard, signal: AbortSignal): Promise<Taken>;
  /** Cases that are set aside, and why. */
  setAside(): ReadonlyMap<CaseId, ErrorCode>;
  /** Logs have moved by other ways than an answer to a pull. */
  moved(cases: readonly CaseId[]): void;
  /** Gives the cases set aside another chance, and names every cursor the next time. */
  forgive(): void;
}

const maxPullBytes = 1024 * 1024;

/** What a case that is set aside is said to stand at, so that the service does not send it over and over. */
interface SetAside {
  readonly code: ErrorCode;
  readonly cursor: Cursor;
}

/** A case as it is on this laptop while a page of it is judged. */
interface Here {
  readonly cursor: CaseCursor | undefined;
  readonly signedWhenAsked: number;
}

export function createPuller(deps: PullerDeps): Puller {
  const { log } = deps;
  const setAside = new Map<CaseId, SetAside>();
  const marks = createMarks();
  let wasLate = false;

  /** Of all cases, or of these; one that is not here yet is named at its beginning. */
  const standing = async (of?: ReadonlySet<CaseId>) => {
    const cursors: Record<CaseId, Cursor> = {};
    const asked = new Map<CaseId, AskedAt>();
    for (const caseId of of ?? []) cursors[caseId] = emptyLog;
    for (const [caseId, { head, ...cursor }] of await log.cursors(of && [...of])) {
      const { position } = cursor;
      cursors[caseId] = cursor;
      asked.set(caseId, { position, signed: head?.position ?? 0 });
    }
    for (const [caseId, { cursor }] of setAside) cursors[caseId] = cursor;
    const userCursor = (await log.get('userCursor')) ?? 0;
    return { cursors, asked, userCursor };
  };

  const ask: Puller['ask'] = async ({ epoch, waitMs }, signal) => {
    const askedWith = marks.current();
    const { cursors, asked, userCursor } = await standing(askedWith?.named);
    try {
      const glassCursor = await log.glassCursor();
      const told = glassCursor === undefined ? {} : { glassCursor };
      const request = { epoch, userCursor, cursors, waitMs, maxBytes: maxPullBytes, ...told };
      const since = askedWith === undefined ? {} : { since: askedWith.mark.since };
      return { answer: await deps.service.pull({ ...request, ...since }, signal), asked, with: askedWith };
    } catch (thrown) {
      const named = contradicted(thrown, cursors);
      // Said before of the same case, it is no longer about that case alone.
      if (named === undefined || setAside.has(named)) throw thrown;
      setAside.set(named, { code: 'service.log-contradicts', cursor: emptyLog });
      return ask({ epoch, waitMs }, signal);
    }
  };

  const judge = async (page: CasePage, { cursor, signedWhenAsked }: Here): Promise<PageVerdict> => {
    // What the person reads has changed: the case comes from its beginning, and has to lead to the head kept.
    const { anew = false } = page;
    const here = {
      cursor: anew || cursor === undefined ? emptyLog : cursor,
      kept: cursor?.head ?? null,
      signedWhenAsked,
      points: anew ? new Map() : await log.devicePoints(page.case),
    };
    const verdict = verifyPage(page, here, {
      keys: await log.deviceKeys(),
      serviceKey: deps.serviceKey,
      crypto: deps.crypto,
    });
    return anew && verdict.outcome === 'verified' ? { ...verdict, page: { ...verdict.page, anew } } : verdict;
  };

  const setAsidePage = (page: CasePage, code: ErrorCode): void => {
    const { position, running } = page.head;
    const grant = page.access === undefined ? {} : { grant: page.access.grant };
    setAside.set(page.case, { code, cursor: { position, running, ...grant } });
  };

  /** The page as verified, or undefined once it is set aside. */
  const verified = async (page: CasePage, here: Here, signal: AbortSignal) => {
    let verdict = await judge(page, here);
    if (verdict.outcome === 'unknown-device') {
      await deps.refreshDirectory(signal);
      verdict = await judge(page, here);
    }
    if (verdict.outcome === 'verified') return verdict.page;
    setAsidePage(page, verdict.outcome === 'refused' ? verdict.code : 'service.answer-invalid');
    return undefined;
  };

  /**
   * A log may have moved on since its page was asked for, because a push was answered meanwhile. A page that brings no
   * more than that is not needed; one that does is asked for again.
   * @returns how many entries were applied, which cases look different now, how many pages came too late, and whether
   *   to ask again.
   */
  const takePages = async (
    {
      answer: { cases: pages },
      asked,
      isBulk = false,
    }: Pick<Heard, 'answer' | 'asked'> & { isBulk?: boolean },
    signal: AbortSignal,
  ) => {
    const cursors = await log.cursors(pages.map((page) => page.case));
    const sound: VerifiedPage[] = [];
    let late = 0;
    let again = false;
    for (const page of pages) {
      if (signal.aborted) throw new TmaError('service.unreachable');
      const { position, signed } = asked.get(page.case) ?? nothingYet;
      const cursor = cursors.get(page.case);
      const now = cursor?.position ?? 0;
      if (now !== position) {
        late += 1;
        again ||= page.more || page.head.position > now;
        continue;
      }
      const here = { cursor, signedWhenAsked: signed };
      const one = await verified(page, here, signal);
      if (one !== undefined) sound.push(one);
    }
    const outcomes = sound.length > 0 ? await log.applyCasePages(sound, { isBulk }) : [];
    let entries = 0;
    const touched = new Set<CaseId>();
    for (const [index, outcome] of outcomes.entries()) {
      const page = sound[index]?.page;
      if (outcome.outcome === 'applied') {
        entries += outcome.entries;
        if (outcome.changed) touched.add(outcome.caseId);
      } else if (page !== undefined) setAsidePage(page, outcome.code);
    }
    return { entries, touched, late, again };
  };

  /** Takes away what may not be seen any more, once what was written in it is sealed or has been handed in. */
  const dropLost = async (events: readonly UserEvent[], signal: AbortSignal) => {
    const gone: CaseId[] = [];
    const cases = lost(events);
    const seal = cases.length > 0 ? await deps.sealer() : undefined;
    if (cases.length > 0 && seal === undefined) await deps.pushFirst(signal);
    for (const caseId of cases) {
      if (await log.dropCase(caseId, seal)) gone.push(caseId);
      setAside.delete(caseId);
    }
    return { gone, kept: gone.length < cases.length };
  };

  const leave: Puller['leave'] = async (cases) => {
    const seal = cases.length > 0 ? await deps.sealer() : undefined;
    if (seal === undefined) return;
    for (const caseId of cases) {
      await log.dropCase(caseId, seal);
      setAside.delete(caseId);
    }
    await deps.onPulled({ entries: 0, touched: cases });
  };

  const take: Puller['take'] = async (heard, signal) => {
    const { answer } = heard;
    const asideBefore = positionsOf(setAside);
    const { entries, touched, late, again } = await takePages(heard, signal);
    const dropped = await dropLost(answer.events, signal);
    for (const caseId of dropped.gone) touched.add(caseId);
    const last = answer.events.at(-1);
    // A case that could not go yet is heard of again.
    const hasRead = last !== undefined && !dropped.kept;
    if (hasRead) await log.set('userCursor', last.position);
    const { glass = [] } = answer;
    if (glass.length > 0) await log.saveGlass(glass);
    await deps.onPulled({ entries, touched: [...touched] });
    if (glass.length > 0) deps.onGlass();
    const isAsked = marks.answered(heard.with, answer);
    const isEmpty =
      answer.cases.length === 0 &&
      answer.events.length === 0 &&
      answer.unnamed === undefined &&
      !answer.more &&
      glass.length === 0;
    // Once: asked again at once, a page is late only where the service gives another one than it was asked for.
    const isLate = late > 0 && !wasLate;
    wasLate = late > 0 && entries === 0;
    const movedOn =
      entries > 0 ||
      isLate ||
      isAsked ||
      hasRead ||
      glass.length > 0 ||
      asideBefore !== positionsOf(setAside);
    return { more: answer.more || again || isAsked, isStuck: !isEmpty && !movedOn };
  };

  /** Everything in one answer: what came until it breaks off is kept, the rest is asked for again. */
  const follow = async (epoch: string, signal: AbortSignal): Promise<void> => {
    const { asked, ...request } = await standing();
    const reader = deps.startReader({
      keys: await log.deviceKeys(),
      serviceKey: deps.serviceKey,
      own: deps.ownDevice(),
      here: new Set(asked.keys()),
    });
    const taking = takeHandfuls({
      ...{ log, asked, onPulled: deps.onPulled, between: deps.between },
      takePages: (pages, reached) =>
        takePages(
          { answer: { events: [], cases: [...pages], more: true }, asked: reached, isBulk: true },
          signal,
        ),
    });
    try {
      await followStream(deps.service.stream({ epoch, ...request }, signal), {
        reader,
        take: (handful, text) => taking.take(handful, text, signal),
      });
    } catch (thrown) {
      // It broke off further on than it began: the next question is asked at once.
      const isBroken = thrown instanceof TmaError && thrown.code === 'service.unreachable';
      if (!isBroken || taking.came() === 0 || signal.aborted) throw thrown;
    } finally {
      reader.close();
    }
  };

  return {
    ask,
    leave,
    take,
    async pullAll(epoch, signal) {
      // A laptop that has nothing has no question that could be answered in a few words.
      if ((await log.cursors()).size === 0) await follow(epoch, signal);
      for (let more = true; more && !signal.aborted; ) {
        const heard = await ask({ epoch, waitMs: 0 }, signal);
        const taken = await take(heard, signal);
        more = taken.more && !taken.isStuck;
        // More than an answer holds: the rest comes as a stream, and the next question finds what is left then.
        if (more && heard.answer.cases.length > 0) await follow(epoch, signal);
      }
    },
    setAside: () => new Map([...setAside].map(([caseId, { code }]) => [caseId, code])),
    moved: marks.moved,
    forgive() {
      setAside.clear();
      marks.forget();
    },
  };
}

/** The case of ours that the service says its log contradicts. */
function contradicted(thrown: unknown, cursors: Readonly<Record<CaseId, Cursor>>): CaseId | undefined {
  if (!(thrown instanceof TmaError) || thrown.code !== 'service.log-contradicts') return undefined;
  const named = caseIdSchema.safeParse(thrown.params?.case);
  return named.success && Object.hasOwn(cursors, named.data) ? named.data : undefined;
}

/** Cases that may not be seen any more: what the last event about each says. */
export function lost(events: readonly UserEvent[]): readonly CaseId[] {
  const latest = new Map(events.map((event) => [event.case, event.type]));
  return [...latest].filter(([, type]) => type === 'revoked').map(([caseId]) => caseId);
}

/** Changes with every page of a case that is set aside. */
function positionsOf(setAside: ReadonlyMap<CaseId, SetAside>): string {
  return [...setAside].map(([caseId, { cursor }]) => `${caseId} ${cursor.position} ${cursor.running}`).join();
}
