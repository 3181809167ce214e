/**
 * The central service under many devices, everything on this machine: PostgreSQL, the tasks, the devices. Each device
 * is a real one: a key, proofs, signed changes, a connection of its own. `npm run bench -- service [SECONDS]`.
 *
 *   1 000 devices, 1 and 2 tasks, an exchange (edit in, news out) of each every 30 s
 *   10 000 devices, 2 tasks, an exchange of each every 300 s
 *   64 devices without a pause: what the machine gives at most
 *
 * What one exchange costs is told as time on the processor, of the tasks and of PostgreSQL apart from the devices':
 * that is what `docs/capacity.md` reckons with, and it does not depend on what else the machine is doing.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { Answer, LoadDevice } from '../tools/rehearse/device.ts';
import { percentile, startLoad } from '../tools/rehearse/load.ts';
import { type Stack, startStack } from '../tools/rehearse/stack.ts';
import { startTask, type Task } from '../tools/rehearse/tasks.ts';
import { freePort } from '../tools/support/ports.ts';
import { type Exchanged, exchange } from './service/devices.ts';
import { residentMiB, secondsOf, secondsOfTree } from './service/processor.ts';

const lastsMs = Number(process.argv[2] ?? 60) * 1_000;
const only = process.argv[3];

interface Plan {
  readonly name: string;
  readonly devices: number;
  readonly tasks: number;
  /** Left out: without a pause. */
  readonly everyMs?: number;
}

const plans: readonly Plan[] = [
  { name: '1 000 devices, 1 task', devices: 1_000, tasks: 1, everyMs: 30_000 },
  { name: '1 000 devices, 2 tasks', devices: 1_000, tasks: 2, everyMs: 30_000 },
  { name: '10 000 devices, 2 tasks', devices: 10_000, tasks: 2, everyMs: 300_000 },
  { name: '64 devices without a pause, 2 tasks', devices: 64, tasks: 2 },
];

interface Figures {
  readonly name: string;
  readonly requests: number;
  readonly perSecond: number;
  readonly failed: number;
  readonly late: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Of the devices' own mean times, how many times the median the slowest twentieth is. */
  readonly unfairness: number;
  readonly taskMsPerExchange: number;
  readonly databaseMsPerExchange: number;
  readonly bytesPerEdit: number;
  readonly taskMiB: number;
}

async function startTasks(stack: Stack, count: number): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (let at = 0; at < count; at++) {
    const task = startTask({ ...stack.settings, port: await freePort(), drainMs: 0, onTerm: 'drain' });
    while ((await task.readiness()) !== 200) {
      if (task.hasEnded()) throw new Error('a task did not start');
      await new Promise((resume) => setTimeout(resume, 50));
    }
    tasks.push(task);
  }
  return tasks;
}

/** Enrols and begins the devices, a few at a time, each at the task it will stay with. */
async function makeDevices(
  stack: Stack,
  tasks: readonly Task[],
  count: number,
): Promise<readonly LoadDevice[]> {
  const shares = await Promise.all(
    tasks.map(({ port }, at) => stack.devices(Math.floor((count + at) / tasks.length), port)),
  );
  const devices = shares.flat();
  const queue = [...devices];
  const begin = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await next.begin();
  };
  await Promise.all(Array.from({ length: 16 }, begin));
  return devices;
}

async function databaseBytes(stack: Stack): Promise<number> {
  const client = new pg.Client({ connectionString: stack.ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ bytes: string }>(
    'select pg_database_size(current_database()) as bytes',
  );
  await client.end();
  return Number(rows[0]?.bytes);
}

async function work(plan: Plan, devices: readonly LoadDevice[]): Promise<Exchanged> {
  if (plan.everyMs !== undefined) return exchange({ devices, everyMs: plan.everyMs, lastsMs });
  const load = startLoad({
    devices,
    mostRequests: 100_000,
    mostMs: Math.min(lastsMs, 20_000),
    onlyExchanges: true,
  });
  await load.done;
  return { byDevice: [await load.end()], late: 0 };
}

async function measure(plan: Plan): Promise<Figures> {
  const stack = await startStack({ isDurable: true, poolSize: 20 });
  let tasks: readonly Task[] = [];
  let devices: readonly LoadDevice[] = [];
  try {
    tasks = await startTasks(stack, plan.tasks);
    devices = await makeDevices(stack, tasks, plan.devices);
    const postmaster = Number.parseInt(
      await readFile(join(stack.dataDir, 'cluster/postmaster.pid'), 'utf8'),
      10,
    );
    const usage = async () => ({
      tasks: (await Promise.all(tasks.map(({ pid }) => secondsOf(pid)))).reduce((sum, each) => sum + each, 0),
      database: await secondsOfTree(postmaster),
      bytes: await databaseBytes(stack),
    });
    const before = await usage();
    const startedMs = performance.now();
    const { byDevice, late } = await work(plan, devices);
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = await usage();
    const answers = byDevice.flat();
    const pushes = answers.filter(({ operation }) => operation === 'push').length;
    const each = (total: number) => (1_000 * total) / Math.max(1, pushes);
    return {
      name: plan.name,
      ...summary(answers, byDevice),
      perSecond: answers.length / seconds,
      late,
      taskMsPerExchange: each(after.tasks - before.tasks),
      databaseMsPerExchange: each(after.database - before.database),
      bytesPerEdit: (after.bytes - before.bytes) / Math.max(1, pushes),
      taskMiB: Math.max(...(await Promise.all(tasks.map(({ pid }) => residentMiB(pid))))),
    };
  } finally {
    for (const device of devices) device.close();
    await Promise.all(tasks.map((task) => task.kill()));
    await stack.close();
  }
}

function summary(answers: readonly Answer[], byDevice: readonly (readonly Answer[])[]) {
  const times = answers.map(({ tookMs }) => tookMs);
  const means = byDevice
    .filter((own) => own.length > 0)
    .map((own) => own.reduce((sum, { tookMs }) => sum + tookMs, 0) / own.length);
  return {
    requests: answers.length,
    failed: answers.filter(({ failure }) => failure !== undefined).length,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    p99Ms: percentile(times, 0.99),
    unfairness: percentile(means, 0.95) / Math.max(0.001, percentile(means, 0.5)),
  };
}

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
  const figures = await measure(plan);
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
