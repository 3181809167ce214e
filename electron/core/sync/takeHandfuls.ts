/** Stores what a stream brings, handful after handful, and tells how far it is. */
import { TmaError } from '../../../shared/errors.ts';
import type { CaseId } from '../../../shared/ids.ts';
import type { CasePage } from '../../../shared/sync/wire.ts';
import type { LocalLog } from '../storage/logPort.ts';
import { type Handful, linesOf, type PageEnd } from './handful.ts';
import type { Pulled } from './pull.ts';

/** How a case stood here when its page was asked for. */
export interface AskedAt {
  readonly position: number;
  /** How far the service had signed. */
  readonly signed: number;
}

export interface TakingDeps {
  readonly log: Pick<LocalLog, 'loadNewCases'>;
  readonly asked: ReadonlyMap<CaseId, AskedAt>;
  /** Judges and applies pages, each of another case; `reached`: where each log stood when its page was made. */
  takePages(
    pages: readonly CasePage[],
    reached: ReadonlyMap<CaseId, AskedAt>,
  ): Promise<{ readonly entries: number; readonly touched: ReadonlySet<CaseId> }>;
  onPulled(pulled: Pulled): Promise<void>;
  /** What was written here meanwhile goes out between two handfuls. */
  between(signal: AbortSignal): Promise<void>;
}

export interface Taking {
  /** `text` is what the handful was read from. */
  take(handful: Handful, text: Uint8Array, signal: AbortSignal): Promise<void>;
  /** How many lines of logs so far. */
  came(): number;
}

export function takeHandfuls(deps: TakingDeps): Taking {
  const reached = new Map(deps.asked);
  let came = 0;
  let done = 0;
  let total = 0;

  const moveOn = ({ case: caseId, position, signed, more }: PageEnd): void => {
    reached.set(caseId, { position, signed });
    if (!more) done += 1;
  };

  /** Those that were prepared; false where one of them has come here by another way meanwhile. */
  const takeFresh = async ({ fresh }: Handful, touched: Set<CaseId>): Promise<number | undefined> => {
    if (fresh === null) return 0;
    if (!(await deps.log.loadNewCases(fresh.cases))) return undefined;
    fresh.ends.forEach(moveOn);
    for (const caseId of fresh.cases.ids) touched.add(caseId);
    return fresh.cases.entries;
  };

  return {
    async take(handful, text, signal) {
      if (signal.aborted) throw new TmaError('service.unreachable');
      total = handful.total ?? total;
      const touched = new Set<CaseId>();
      const loaded = await takeFresh(handful, touched);
      let entries = loaded ?? 0;
      for (const pages of apart(loaded === undefined ? pagesIn(text) : handful.others)) {
        const taken = await deps.takePages(pages, reached);
        entries += taken.entries;
        for (const caseId of taken.touched) touched.add(caseId);
        for (const page of pages) moveOn(endOf(page, reached.get(page.case)));
      }
      came += entries;
      const cases = { done, total: Math.max(done, total) };
      await deps.onPulled({ entries, touched: [...touched], cases });
      await deps.between(signal);
    },
    came: () => came,
  };
}

function pagesIn(text: Uint8Array): readonly CasePage[] {
  return linesOf(text).filter((line) => 'case' in line);
}

/** In their order, never two pages of one case together: the second follows on what the first has left. */
function apart(pages: readonly CasePage[]): readonly (readonly CasePage[])[] {
  const groups: CasePage[][] = [];
  for (const page of pages) {
    const last = groups.at(-1);
    if (last === undefined || last.some((other) => other.case === page.case)) groups.push([page]);
    else last.push(page);
  }
  return groups;
}

function endOf(page: CasePage, before: AskedAt | undefined): PageEnd {
  const position = page.runs.at(-1)?.entries.at(-1)?.position ?? before?.position ?? 0;
  return { case: page.case, position, signed: page.head.position, more: page.more };
}
