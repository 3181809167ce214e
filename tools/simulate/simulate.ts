/**
 * npm run simulate -- --seed N --steps M --devices D     one run, with its story
 * npm run simulate -- --seeds COUNT [--from N]           many runs
 *
 * Ends with 1 where something does not hold, and says how to see it again.
 */

import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { run } from './run.ts';
import { openStore } from './store.ts';
import { makeTemplate, openFolder } from './world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: '60' },
    devices: { type: 'string', default: '5' },
  },
});
const steps = Number(values.steps);
const devices = Number(values.devices);
const one = values.seed === undefined ? undefined : Number(values.seed);
const from = one ?? Number(values.from);
const count = one === undefined ? Number(values.seeds) : 1;

const store = await openStore();
const folder = await openFolder();
const failing: number[] = [];
let changes = 0;
const startMs = performance.now();
try {
  const template = await makeTemplate(folder);
  for (let seed = from; seed < from + count; seed++) {
    const result = await run({ store, template, seed, steps, devices });
    changes += result.changes;
    if (one !== undefined) console.log(result.story.join('\n'));
    if (result.violations.length > 0) {
      failing.push(seed);
      for (const { invariant, detail } of result.violations.slice(0, 5))
        console.log(`seed ${seed}: ${invariant}: ${detail}`);
      console.log(`  again: npm run simulate -- --seed ${seed} --steps ${steps} --devices ${devices}`);
    }
    if ((seed - from + 1) % 50 === 0) {
      const seconds = (performance.now() - startMs) / 1000;
      console.log(
        `${seed - from + 1} runs, ${changes} changes, ${seconds.toFixed(0)} s, ${failing.length} failing`,
      );
    }
  }
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
const seconds = (performance.now() - startMs) / 1000;
console.log(
  `${count} runs of ${steps} steps on ${devices} laptops, ${changes} changes, ${seconds.toFixed(1)} s: ${failing.length} failing${failing.length > 0 ? ` (${failing.join(' ')})` : ''}`,
);
process.exitCode = failing.length > 0 ? 1 : 0;
