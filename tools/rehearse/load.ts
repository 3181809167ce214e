/** Many devices at once, bounded in requests and in time; every answer is judged. */
import type { Answer, LoadDevice, Operation } from './device.ts';

export interface Load {
  /** Answers so far. */
  readonly count: () => number;
  readonly failures: () => readonly Answer[];
  /** Ends it; gives everything that was answered. */
  end(): Promise<readonly Answer[]>;
  /** Resolves when the bound in requests or in time is reached. */
  readonly done: Promise<void>;
}

export interface LoadOptions {
  readonly devices: readonly LoadDevice[];
  readonly mostRequests: number;
  readonly mostMs: number;
  /** A laptop comes again after a failure, as the product's does; left out, it goes straight on. */
  readonly pauseAfterFailureMs?: number;
  /** For measuring: an edit in, news out, and again. */
  readonly onlyExchanges?: boolean;
}

/** One of ten requests greets, three hand an edit in, six pull. */
const mix: readonly Operation[] = [
  'pull',
  'push',
  'pull',
  'hello',
  'pull',
  'push',
  'pull',
  'pull',
  'push',
  'pull',
];

/** One device of so many does nothing but wait for news, so that there are always long requests under way. */
const waitingOneOf = 8;

export function startLoad(options: LoadOptions): Load {
  const { devices, mostRequests, mostMs, pauseAfterFailureMs = 0, onlyExchanges = false } = options;
  const operations: readonly Operation[] = onlyExchanges ? ['push', 'pull'] : mix;
  const answers: Answer[] = [];
  const failures: Answer[] = [];
  const untilMs = performance.now() + mostMs;
  let isEnded = false;
  let asked = 0;
  const isOver = () => isEnded || asked >= mostRequests || performance.now() > untilMs;

  async function run(device: LoadDevice, offset: number): Promise<void> {
    const waits = !onlyExchanges && offset % waitingOneOf === waitingOneOf - 1;
    for (let at = offset; !isOver(); at++) {
      asked += 1;
      const answer = await device.do(waits ? 'wait' : (operations[at % operations.length] ?? 'hello'));
      answers.push(answer);
      if (answer.failure === undefined) continue;
      failures.push(answer);
      if (pauseAfterFailureMs > 0) await new Promise((resume) => setTimeout(resume, pauseAfterFailureMs));
    }
  }

  const done = Promise.all(devices.map(run)).then(() => undefined);
  return {
    count: () => answers.length,
    failures: () => failures,
    done,
    async end() {
      isEnded = true;
      await done;
      return answers;
    },
  };
}

/** The value below which that share of all lies; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
