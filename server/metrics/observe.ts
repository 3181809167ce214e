/** Once a minute: what the service has counted and how its surroundings are, as one line of its log. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics, Reading } from './metrics.ts';

export interface Observed {
  readonly metrics: Metrics;
  /** Connections of the pool, and how many wait for one. */
  readonly pool: () => { readonly connections: number; readonly waiting: number };
  /** How many cases are past their date for a new assessment. */
  readonly countBreaches: () => Promise<number>;
  /** Seconds since the last statement of the witness, where one is kept. */
  readonly witnessAge?: () => Promise<number>;
  /** Whatever the service leans on; throws when something does not answer. */
  readonly deepCheck: () => Promise<void>;
  readonly write: (reading: Reading) => void;
}

const everyMs = 60_000;
/** For the deep check: what takes longer is as good as gone. */
const patienceMs = 5_000;

/** Starts observing; gives the function that takes a last reading and ends it. */
export function observe(observed: Observed): () => Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const write = async () => {
    const reading = await readingOf(observed);
    observed.write({ ...reading, ...ownState(delay) });
  };
  const timer = setInterval(() => void write(), everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await write();
    delay.disable();
  };
}

export async function readingOf(observed: Observed): Promise<Reading> {
  const { connections, waiting } = observed.pool();
  const counted = { ...observed.metrics.take(), PoolConnections: connections, PoolWaiting: waiting };
  try {
    await within(patienceMs, observed.deepCheck());
    const DeadlineBreaches = await within(patienceMs, observed.countBreaches());
    const late = observed.witnessAge && { WitnessAge: await within(patienceMs, observed.witnessAge()) };
    return { ...counted, DeepCheck: 1, DeadlineBreaches, ...late };
  } catch {
    // Why is in the log of the requests that failed for the same reason.
    return { ...counted, DeepCheck: 0 };
  }
}

function ownState(delay: ReturnType<typeof monitorEventLoopDelay>): Reading {
  const EventLoopDelay = delay.percentile(99) / 1e6;
  delay.reset();
  return { EventLoopDelay, ...memory() };
}

/** Nothing where the system does not tell: counting must not end the service. */
function memory(): Reading {
  try {
    return { ResidentMemory: process.memoryUsage.rss() / 1e6 };
  } catch {
    return {};
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
