/**
 * What a command has started, and its end: on Ctrl+C, on a signal, when the program that started us is gone, or
 * when one of the started things ends by itself. Everything is stopped in the reverse order of its start, once.
 */
import { say } from '../support/progress.mjs';
import { messageOf } from '../support/tool-error.ts';

export interface Lifetime {
  /** Registers how to stop something that is running now. Already ending: it is stopped at once. */
  started(name: string, stop: () => Promise<void> | void): Promise<void>;
  /** Begins the end; `why` is told to the person. */
  end(why: string): void;
  /** Whether the end has begun; work that is under way looks here before it starts more. */
  readonly signal: AbortSignal;
  /** Resolves when everything has stopped. */
  readonly ended: Promise<void>;
}

/** How long one thing may take to stop before the next is stopped. */
const PATIENCE_MS = 30_000;

export function createLifetime(patienceMs: number = PATIENCE_MS): Lifetime {
  const running: { name: string; stop: () => Promise<void> | void }[] = [];
  const ending = new AbortController();
  const { promise: ended, resolve: hasEnded } = Promise.withResolvers<void>();

  const stopAll = async () => {
    for (let next = running.pop(); next !== undefined; next = running.pop()) await stopOne(next, patienceMs);
    hasEnded();
  };
  return {
    signal: ending.signal,
    ended,
    async started(name, stop) {
      if (ending.signal.aborted) await stopOne({ name, stop }, patienceMs);
      else running.push({ name, stop });
    },
    end(why) {
      if (ending.signal.aborted) return;
      if (why !== '') say(`\n${why} Stopping …`);
      ending.abort();
      void stopAll();
    },
  };
}

async function stopOne(
  { name, stop }: { name: string; stop: () => Promise<void> | void },
  patienceMs: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still running after ${patienceMs / 1000} s`)), patienceMs);
  });
  try {
    await Promise.race([stop(), tooLong]);
  } catch (error) {
    say(`  ${name} did not stop in good order: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** One Ctrl+C arrives twice: from the terminal, and handed on by the bootstrap. */
const SAME_SIGNAL_MS = 1_000;

/** Ends the lifetime when the person or the system asks for it. Asked a second time, the process ends at once. */
export function endOnSignals(lifetime: Lifetime): void {
  let askedAtMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (lifetime.signal.aborted && Date.now() - askedAtMs > SAME_SIGNAL_MS) process.exit(130);
      if (!lifetime.signal.aborted) askedAtMs = Date.now();
      lifetime.end(signal === 'SIGINT' ? 'Ctrl+C.' : `${signal}.`);
    });
  }
  // The bootstrap holds the other end of a channel to us; it closes even when the bootstrap is killed.
  process.on('disconnect', () => lifetime.end('The program that started this is gone.'));
}
