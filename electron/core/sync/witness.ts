/**
 * Asks the service, at most once an hour, what its witness says of the cases here, and holds it against the logs here.
 * Whoever is shown another log than the others finds out: one hash tree names one head for each case, and its signed
 * root lies where nobody can change it (`shared/integrity/witness.ts`).
 *
 *   proved        the log here has that running hash at that position: kept
 *   ahead         it names more than is here: fetched once more, and still not there, it is a contradiction
 *   old           of another epoch, or older than what is kept: left alone
 *   contradicts   a proof that does not hold, another past, a shorter log than it named before, two statements about
 *                 one hour: kept as evidence, and the case is told of as set aside until the witness says otherwise
 *
 * A service that does not answer, or whose witness is late, is no contradiction.
 */
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { checkWitnessed, readStatement, type Witnessed } from '../../../shared/integrity/witness.ts';
import type { SyncCrypto } from '../../../shared/sync/crypto.ts';
import { emptyLog, extendLog, type LogHead } from '../../../shared/sync/log.ts';
import type { WitnessAnswer } from '../../../shared/sync/wire.ts';
import type { ServiceClient } from '../service/client.ts';
import type { LocalLog, WitnessNote } from '../storage/logPort.ts';

export interface WitnessDeps {
  readonly log: LocalLog;
  readonly service: Pick<ServiceClient, 'witness'>;
  readonly serviceKey: Uint8Array;
  readonly crypto: SyncCrypto;
  readonly clock: { nowMs(): number };
  /** Fetches what is new, for the witness names more than is here. */
  readonly pullAll: (signal: AbortSignal) => Promise<void>;
  /** Cases that are told of already; of them not everything is here. */
  readonly isAside: (caseId: CaseId) => boolean;
}

export interface Witnessing {
  /** Asks if it is time to. @throws TmaError of the vault, and of {@link WitnessDeps.pullAll}. */
  ask(epoch: string, signal: AbortSignal): Promise<void>;
  /** As of the last {@link ask}. */
  contradicted(): readonly CaseId[];
}

const everyMs = 3_600_000;
/** The service takes no more in one question. */
const casesAtOnce = 100;
/** What is left over has its turn an hour later, the cases changed last come first. */
const mostCases = 1_000;

type Verdict = 'proved' | 'ahead' | 'old' | 'contradicts';

interface Heard {
  readonly case: CaseId;
  readonly said: Witnessed;
  readonly before: Witnessed | null;
}

export function createWitnessing(deps: WitnessDeps): Witnessing {
  const { log, clock, crypto, serviceKey } = deps;
  let contradicted: readonly CaseId[] = [];

  const question = async (cases: readonly CaseId[], signal: AbortSignal) => {
    try {
      return await deps.service.witness(cases, signal);
    } catch (thrown) {
      // The exchange itself went well; next time it is asked again.
      if (thrown instanceof TmaError) return undefined;
      throw thrown;
    }
  };

  const runningAt = async (caseId: CaseId, position: number, end: LogHead): Promise<string> => {
    if (position === end.position) return end.running;
    const arrivals = await log.arrivals(caseId);
    return arrivals.slice(0, position).reduce((head, one) => extendLog(head, one, crypto), emptyLog).running;
  };

  const judge = async ({ case: caseId, said, before }: Heard, epoch: string): Promise<Verdict> => {
    const statement = checkWitnessed(caseId, said, { serviceKey, crypto });
    if (typeof statement === 'string') return 'contradicts';
    const kept = before === null ? undefined : readStatement(before.statement, serviceKey, crypto);
    if (statement.epoch !== epoch || (kept !== undefined && statement.hour < kept.hour)) return 'old';
    if (before !== null) {
      const isOther = statement.hour === kept?.hour && said.statement.text !== before.statement.text;
      if (isOther || said.position < before.position) return 'contradicts';
    }
    const end = (await log.cursors([caseId])).get(caseId);
    // It was taken away meanwhile.
    if (end === undefined) return 'old';
    if (said.position > end.position) return 'ahead';
    return (await runningAt(caseId, said.position, end)) === said.running ? 'proved' : 'contradicts';
  };

  /** @returns what was ahead of the log here. */
  const take = async (
    heard: readonly Heard[],
    { epoch, isLast }: { readonly epoch: string; readonly isLast: boolean },
  ): Promise<readonly Heard[]> => {
    const notes: WitnessNote[] = [];
    const ahead: Heard[] = [];
    for (const one of heard) {
      const verdict = await judge(one, epoch);
      if (verdict === 'ahead' && !isLast) ahead.push(one);
      else if (verdict === 'proved') notes.push({ case: one.case, said: one.said, contradicts: false });
      else if (verdict === 'contradicts' || (verdict === 'ahead' && !deps.isAside(one.case)))
        notes.push({ case: one.case, said: one.said, contradicts: true });
    }
    if (notes.length > 0) await log.keepWitnessed(notes);
    return ahead;
  };

  /** False where the service does not answer. */
  const askAll = async (epoch: string, signal: AbortSignal): Promise<boolean> => {
    const due = await log.unwitnessed(mostCases);
    const before = new Map(due.map(({ case: caseId, said }) => [caseId, said]));
    const ahead: Heard[] = [];
    for (let at = 0; at < due.length; at += casesAtOnce) {
      const asked = due.slice(at, at + casesAtOnce).map((one) => one.case);
      const answer = await question(asked, signal);
      if (answer === undefined) return false;
      ahead.push(...(await take(heardOf(answer, before), { epoch, isLast: false })));
    }
    if (ahead.length > 0) {
      await deps.pullAll(signal);
      await take(ahead, { epoch, isLast: true });
    }
    return true;
  };

  return {
    async ask(epoch, signal) {
      const lastMs = await log.get('witnessAskedAtMs');
      const nowMs = clock.nowMs();
      // Clocks of laptops are set back, too.
      const isDue = lastMs === undefined || Math.abs(nowMs - lastMs) >= everyMs;
      if (isDue && (await askAll(epoch, signal))) await log.set('witnessAskedAtMs', nowMs);
      contradicted = await log.contradicted();
    },
    contradicted: () => contradicted,
  };
}

/** What was not asked for is not looked at. */
function heardOf({ cases }: WitnessAnswer, before: ReadonlyMap<CaseId, Witnessed | null>): readonly Heard[] {
  return cases.flatMap(({ case: caseId, witnessed }) => {
    const kept = before.get(caseId);
    return kept === undefined ? [] : [{ case: caseId, said: witnessed, before: kept }];
  });
}
