/**
 * The central service under many devices, everything on this machine: PostgreSQL, the tasks, the devices. Each device
 * is a real one: a key, proofs, signed changes, a connection of its own. `npm run bench -- service [SECONDS]`.
 *
 *   1 000 devices, 1 and 2 tasks, an exchange (edit in, news out) of each every 30 s
 *   10 000 devices, 1 and 2 tasks, an exchange of each every 300 s
 *   64 devices without a pause: what the machine gives at most
 *
 * What one exchange costs is told as time on the processor, of the tasks and of PostgreSQL apart from the devices':
 * that is what `docs/capacity.md` reckons with, and it does not depend on what else the machine is doing.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { type Figures, measure, type Plan } from './service/measure.ts';

const lastsMs = Number(process.argv[2] ?? 60) * 1_000;
const only = process.argv[3];

const plans: readonly Omit<Plan, 'lastsMs'>[] = [
  { name: '1 000 devices, 1 task', devices: 1_000, tasks: 1, everyMs: 30_000 },
  { name: '1 000 devices, 2 tasks', devices: 1_000, tasks: 2, everyMs: 30_000 },
  { name: '10 000 devices, 1 task', devices: 10_000, tasks: 1, everyMs: 300_000 },
  { name: '10 000 devices, 2 tasks', devices: 10_000, tasks: 2, everyMs: 300_000 },
  { name: '64 devices without a pause, 2 tasks', devices: 64, tasks: 2 },
];

const columns: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['', ({ name }) => name],
  ['requests', ({ requests }) => String(requests)],
  ['/s', ({ perSecond }) => perSecond.toFixed(0)],
  ['failed', ({ failed }) => String(failed)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(0)],
  ['p95', ({ p95Ms }) => p95Ms.toFixed(0)],
  ['p99', ({ p99Ms }) => p99Ms.toFixed(0)],
  ['p95/p50 of devices', ({ unfairness }) => unfairness.toFixed(1)],
  ['task ms/exchange', ({ taskMsPerExchange }) => taskMsPerExchange.toFixed(1)],
  ['database ms/exchange', ({ databaseMsPerExchange }) => databaseMsPerExchange.toFixed(1)],
  ['bytes/edit', ({ bytesPerEdit }) => bytesPerEdit.toFixed(0)],
  ['task MiB', ({ taskMiB }) => taskMiB.toFixed(0)],
];

const results: Figures[] = [];
const loadBefore = loadavg();
for (const plan of plans.filter(({ name }) => only === undefined || name.includes(only))) {
  const figures = await measure({ ...plan, lastsMs });
  results.push(figures);
  console.log(columns.map(([head, show]) => `${head === '' ? '' : `${head} `}${show(figures)}`).join('  '));
}
const file = join(import.meta.dirname, 'results/service.jsonl');
await mkdir(dirname(file), { recursive: true });
const line = {
  at: new Date().toISOString(),
  node: process.version,
  cores: cpus().length,
  loadBefore,
  results,
};
await appendFile(file, `${JSON.stringify(line)}\n`);
process.exit(results.every(({ failed }) => failed === 0) ? 0 : 1);
