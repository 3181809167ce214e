/**
 * npm run simulate -- --seed N --steps M --devices D     one run, with its story
 * npm run simulate -- --seeds COUNT [--from N]           many runs, shared out among `--workers` processes
 *
 * Ends with 1 where something does not hold, and says how to see it again.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { run } from './run.ts';
import { openStore } from './store.ts';
import { makeTemplate, openFolder } from './world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    /** Only every nth seed: how the workers share them out. */
    stride: { type: 'string', default: '1' },
    steps: { type: 'string', default: '60' },
    devices: { type: 'string', default: '5' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});
const steps = Number(values.steps);
const devices = Number(values.devices);
const one = values.seed === undefined ? undefined : Number(values.seed);
const from = one ?? Number(values.from);
const count = one === undefined ? Number(values.seeds) : 1;
const stride = Number(values.stride);
const workers = Math.min(Number(values.workers), count);

const totalSchema = z.object({ runs: z.number(), changes: z.number(), failing: z.array(z.number()) });
type Total = z.infer<typeof totalSchema>;

const startMs = performance.now();
const secondsSoFar = () => (performance.now() - startMs) / 1000;
const total = workers > 1 ? await shareOut() : await playAll();
if (process.send === undefined) tell(total);
else process.send(total);
process.exitCode = total.failing.length > 0 ? 1 : 0;

async function playAll(): Promise<Total> {
  const store = await openStore();
  const folder = await openFolder();
  const failing: number[] = [];
  let changes = 0;
  try {
    const template = await makeTemplate(folder);
    for (let index = 0; index < count; index++) {
      const seed = from + index * stride;
      const result = await run({ store, template, seed, steps, devices });
      changes += result.changes;
      if (one !== undefined) console.log(result.story.join('\n'));
      if (result.violations.length > 0) {
        failing.push(seed);
        for (const { invariant, detail } of result.violations.slice(0, 5))
          console.log(`seed ${seed}: ${invariant}: ${detail}`);
        console.log(`  again: npm run simulate -- --seed ${seed} --steps ${steps} --devices ${devices}`);
      }
      if ((index + 1) % 50 === 0) {
        console.log(
          `${index + 1} runs, ${changes} changes, ${secondsSoFar().toFixed(0)} s, ${failing.length} failing`,
        );
      }
    }
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
  return { runs: count, changes, failing };
}

/** Each worker has a database of its own and takes every nth seed. */
async function shareOut(): Promise<Total> {
  const parts = Array.from({ length: workers }, (_, index) => {
    const runs = Math.ceil((count - index) / workers);
    return work({ from: from + index, seeds: runs });
  });
  const totals = await Promise.all(parts);
  return {
    runs: totals.reduce((sum, { runs }) => sum + runs, 0),
    changes: totals.reduce((sum, { changes }) => sum + changes, 0),
    failing: totals.flatMap(({ failing }) => failing).sort((a, b) => a - b),
  };
}

async function work(part: { readonly from: number; readonly seeds: number }): Promise<Total> {
  const options = { from: part.from, seeds: part.seeds, stride: workers, steps, devices, workers: 1 };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const worker = fork(fileURLToPath(import.meta.url), args);
  let told: unknown;
  worker.on('message', (message) => {
    told = message;
  });
  await once(worker, 'exit');
  const result = totalSchema.safeParse(told);
  // A worker that ended without a word has proved nothing.
  return result.success ? result.data : { runs: 0, changes: 0, failing: [part.from] };
}

function tell({ runs, changes, failing }: Total): void {
  const list = failing.length > 0 ? ` (${failing.join(' ')})` : '';
  const seconds = secondsSoFar();
  console.log(
    `${runs} runs of ${steps} steps on ${devices} laptops, ${changes} changes, ${seconds.toFixed(1)} s, ` +
      `${(runs / seconds).toFixed(2)} runs/s: ${failing.length} failing${list}`,
  );
}
