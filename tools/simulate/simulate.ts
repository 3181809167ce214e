/** `npm run simulate`: plays seeds and looks whether what has to hold holds; `options.ts` says what it can be told. */
import { duration, say } from '../support/progress.mjs';
import { messageOf, ToolError } from '../support/tool-error.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type Found, type Order, openPlayer } from './player.ts';
import { shareOut } from './share.ts';

/** How many runs went well, and what those that did not found. */
interface Tally {
  runs: number;
  changes: number;
  readonly failing: number[];
}

const tellEveryMs = 10_000;
const mostTold = 5;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  console.error(messageOf(error));
  process.exitCode = 2;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options.isHelp) {
    say(usage);
    return 0;
  }
  const tally: Tally = { runs: 0, changes: 0, failing: [] };
  const startMs = performance.now();
  const timer = setInterval(() => say(progressOf(tally, options, startMs)), tellEveryMs);
  timer.unref();
  const onFound = (found: Found) => note(tally, options, found);
  if (options.isOne) await playOne(options, onFound);
  else await shareOut({ workers: options.workers, orders: ordersOf(options), onFound });
  clearInterval(timer);
  say(totalOf(tally, options, startMs));
  return tally.failing.length > 0 ? 1 : 0;
}

async function playOne(options: Options, onFound: (found: Found) => void): Promise<void> {
  const player = await openPlayer();
  try {
    for (const order of ordersOf(options)) {
      const found = await player.play(order);
      say(found.story.join('\n'));
      onFound(found);
    }
  } finally {
    await player.close();
  }
}

function* ordersOf({ first, count, steps, devices }: Options): Generator<Order> {
  for (let seed = first; seed < first + count; seed++) yield { seed, steps, devices };
}

function note(tally: Tally, { steps, devices }: Options, { seed, changes, violations }: Found): void {
  tally.runs += 1;
  tally.changes += changes;
  if (violations.length === 0) return;
  tally.failing.push(seed);
  for (const { invariant, detail } of violations.slice(0, mostTold))
    say(`seed ${seed}: ${invariant}: ${detail}`);
  say(`  again: npm run simulate -- --seed ${seed} --steps ${steps} --devices ${devices}`);
}

function progressOf({ runs, changes, failing }: Tally, { count }: Options, startMs: number): string {
  const tookMs = performance.now() - startMs;
  const left = runs === 0 ? '' : `, about ${duration((tookMs / runs) * (count - runs))} left`;
  return `${runs} of ${count} runs, ${rate(runs, tookMs)} runs/s, ${changes} changes, ${failing.length} failing${left}`;
}

function totalOf({ runs, changes, failing }: Tally, { steps, devices }: Options, startMs: number): string {
  const tookMs = performance.now() - startMs;
  const list = failing.length > 0 ? ` (${failing.toSorted((a, b) => a - b).join(' ')})` : '';
  return (
    `${runs} runs of ${steps} steps on ${devices} laptops, ${changes} changes, ${duration(tookMs)}, ` +
    `${rate(runs, tookMs)} runs/s: ${failing.length} failing${list}`
  );
}

function rate(runs: number, tookMs: number): string {
  return ((runs / tookMs) * 1_000).toFixed(2);
}
