/**
 * Which cursors a pull names. The first one of a full exchange names all, and its answer has a mark; the next ones send
 * the mark and name only cases whose logs have moved here since, so that holding 10 000 cases costs nothing. The
 * service says which others it would have to know the cursor of. Kept in memory only, and forgotten before each full
 * exchange: what all this might overlook is found then.
 */
import type { CaseId } from '../../../shared/ids.ts';
import type { PullAnswer } from '../../../shared/sync/wire.ts';

interface Mark {
  readonly since: string;
  readonly moved: Set<CaseId>;
}

/** With what a question was asked; `undefined` where it named every cursor. */
export interface AskedWith {
  readonly mark: Mark;
  readonly named: ReadonlySet<CaseId>;
}

export interface Marks {
  current(): AskedWith | undefined;
  /** Logs that have moved here. */
  moved(cases: Iterable<CaseId>): void;
  /** @returns whether the service asks for cursors that were not named. */
  answered(asked: AskedWith | undefined, answer: PullAnswer): boolean;
  /** The next question names all. */
  forget(): void;
}

export function createMarks(): Marks {
  let current: Mark | undefined;

  const moved = (cases: Iterable<CaseId>): void => {
    for (const caseId of cases) current?.moved.add(caseId);
  };

  return {
    current: () => current && { mark: current, named: new Set(current.moved) },
    moved,
    answered(asked, answer) {
      const { since, unnamed = [] } = answer;
      moved(answer.cases.map((page) => page.case));
      moved(unnamed);
      // Another answer may have moved the mark on while this one was under way; the newer mark covers more.
      const isLatest = asked?.mark === current;
      if (isLatest && since !== undefined && since !== current?.since) {
        const still = [...(current?.moved ?? [])].filter((caseId) => asked?.named.has(caseId) !== true);
        const brought = answer.cases.map((page) => page.case);
        current = { since, moved: new Set([...still, ...brought]) };
      }
      return unnamed.some((caseId) => asked?.named.has(caseId) === false);
    },
    forget() {
      current = undefined;
    },
  };
}
