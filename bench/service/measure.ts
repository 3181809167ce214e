/** One measurement of the service under many devices; `bench/service.ts` says what is measured. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Answer, LoadDevice } from '../../tools/rehearse/device.ts';
import { percentile, startLoad } from '../../tools/rehearse/load.ts';
import { type Stack, startStack } from '../../tools/rehearse/stack.ts';
import { startTask, type Task } from '../../tools/rehearse/tasks.ts';
import { freePort } from '../../tools/support/ports.ts';
import { type Exchanged, exchange } from './devices.ts';
import { residentMiB, secondsOf, secondsOfTree } from './processor.ts';

export interface Plan {
  readonly name: string;
  readonly devices: number;
  readonly tasks: number;
  /** Left out: without a pause. */
  readonly everyMs?: number;
  readonly lastsMs: number;
}

export interface Figures {
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
  if (plan.everyMs !== undefined) return exchange({ devices, everyMs: plan.everyMs, lastsMs: plan.lastsMs });
  const load = startLoad({
    devices,
    mostRequests: 100_000,
    mostMs: Math.min(plan.lastsMs, 20_000),
    onlyExchanges: true,
  });
  await load.done;
  return { byDevice: [await load.end()], late: 0 };
}

export async function measure(plan: Plan): Promise<Figures> {
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
