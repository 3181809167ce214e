/**
 * The rehearsals. Each starts a stack of its own, puts load on it, does one thing to it, and judges what the laptops
 * saw: how many requests failed, and whether every edit the service said it took is in the log afterwards.
 */
import pg from 'pg';
import { migrateWith } from '../../server/db/migrate.ts';
import { migrations } from '../../server/db/migrations/index.ts';
import { Reader } from '../../server/testing/reader.ts';
import { type Balancer, type CheckTimes, changesAfter } from './balancer.ts';
import { type Deployed, type Deployment, deploy, type Fleet, pause, type Version } from './deploy.ts';
import type { LoadDevice } from './device.ts';
import { type Load, percentile, startLoad } from './load.ts';
import { publicKeyOf } from './serviceKey.ts';
import { type Stack, startStack } from './stack.ts';
import { startTask } from './tasks.ts';

/** How long everything takes: as in the cloud, or all of it shortened alike. */
export interface Pace {
  readonly check: CheckTimes;
  readonly drainMs: number;
  readonly deregistrationMs: number;
}

export interface Rehearsing {
  readonly startBalancer: (check: CheckTimes, slots: number) => Promise<Balancer>;
  readonly pace: Pace;
  /** At least so many requests are made. */
  readonly requests: number;
  readonly devices: number;
}

export interface Outcome {
  readonly what: string;
  readonly requests: number;
  readonly failed: number;
  /** Kinds of failures and how many of each. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Edits the service said it took, and how many of them are not in the log. */
  readonly taken: number;
  readonly lost: number;
  readonly note: string;
  /** Whether it went as this rehearsal must go. */
  readonly passed: boolean;
}

interface Scene {
  readonly stack: Stack;
  readonly balancer: Balancer;
  readonly fleet: Fleet;
  readonly version: Version;
  readonly load: Load;
  readonly pace: Pace;
}

interface Script {
  readonly what: string;
  readonly isDurable?: boolean;
  readonly pauseAfterFailureMs?: number;
  readonly onTerm?: Version['onTerm'];
  /** What happens under load. Gives what is to be said about it, and the tasks that run afterwards. */
  readonly act: (
    scene: Scene,
  ) => Promise<{ readonly note: string; readonly fleet: Fleet; readonly ok?: boolean }>;
  /** Judges what the laptops saw. */
  readonly passes: (seen: Pick<Outcome, 'failed' | 'lost' | 'requests'>) => boolean;
}

const desired = 2;
/** Whatever happens, no rehearsal puts load on for longer. */
const mostMs = 40 * 60_000;

/** Runs one rehearsal from an empty machine to an empty machine. */
export async function rehearse(how: Rehearsing, script: Script): Promise<Outcome> {
  const stack = await startStack({ isDurable: script.isDurable ?? false });
  const balancer = await how.startBalancer(how.pace.check, 3 * desired);
  let fleet: Fleet = [];
  let devices: readonly LoadDevice[] = [];
  try {
    const version: Version = {
      ...stack.settings,
      drainMs: how.pace.drainMs,
      onTerm: script.onTerm ?? 'drain',
    };
    const deployment = {
      balancer,
      old: [],
      version,
      desired,
      patienceMs: patienceOf(how.pace),
      deregistrationMs: 0,
    };
    const first = await deploy(deployment);
    if (first.outcome !== 'done') throw new Error(`the first tasks did not start: ${first.why}`);
    fleet = first.fleet;
    devices = await stack.devices(how.devices, balancer.port);
    for (const device of devices) await device.begin();
    const { pauseAfterFailureMs = 0 } = script;
    const load = startLoad({ devices, mostRequests: 20 * how.requests, mostMs, pauseAfterFailureMs });
    await untilCount(load, how.requests / 5);
    const acted = await script.act({ stack, balancer, fleet, version, load, pace: how.pace });
    fleet = acted.fleet;
    await untilCount(load, how.requests);
    const answers = await load.end();
    const failures = load.failures();
    const { taken, lost } = await settle(stack, devices);
    const times = answers.filter(({ operation }) => operation !== 'wait').map(({ tookMs }) => tookMs);
    const seen = { requests: answers.length, failed: failures.length, lost };
    return {
      what: script.what,
      ...seen,
      kinds: countKinds(failures.map(({ failure = '' }) => failure)),
      p50Ms: percentile(times, 0.5),
      p99Ms: percentile(times, 0.99),
      taken,
      note: acted.note,
      passed: (acted.ok ?? true) && script.passes(seen),
    };
  } finally {
    for (const device of devices) device.close();
    await Promise.all(fleet.map((task) => task.kill()));
    await balancer.close();
    await stack.close();
  }
}

/** Long enough for a task to start and to be found healthy. */
const patienceOf = ({ check }: Pace) => 60_000 + (changesAfter + 1) * check.everyMs;

async function untilCount(load: Load, count: number): Promise<void> {
  let isDone = false;
  void load.done.then(() => {
    isDone = true;
  });
  while (load.count() < count && !isDone) await pause(20);
}

function countKinds(failures: readonly string[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const kind of failures) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

/**
 * What every laptop does in the end: hands in what it is not sure of until it is taken, then reads its case from the
 * beginning, checking chain, signatures and heads, and counts.
 */
async function settle(
  stack: Stack,
  devices: readonly LoadDevice[],
): Promise<{ taken: number; lost: number }> {
  let taken = 0;
  let lost = 0;
  for (const device of devices) {
    const isSettled = await device.settle();
    const there = await device.readBack(new Reader(await device.directory(), publicKeyOf(stack)));
    taken += device.taken;
    lost += Math.max(0, device.taken - there) + (isSettled ? 0 : 1);
  }
  return { taken, lost };
}

/** The expand migration that goes out with the rehearsed version. */
export const expand = {
  number: migrations.length + 1,
  phase: 'expand',
  name: 'rehearsal',
  sql: `
alter table cases add column site text, add column seen_at timestamptz not null default now();
alter table cases add constraint cases_site check (length(site) < 200) not valid;
create table visits (tenant_id uuid not null references tenants, case_id uuid not null, at timestamptz not null);
create index visits_by_case on visits (tenant_id, case_id);
`,
} as const;

const none: Script['passes'] = ({ failed, lost }) => failed === 0 && lost === 0;
const some: Script['passes'] = ({ failed }) => failed > 0;

function nextOf({ balancer, fleet, version, pace }: Scene, changed: Partial<Deployment> = {}): Deployment {
  const { deregistrationMs } = pace;
  return {
    balancer,
    old: fleet,
    version,
    desired,
    patienceMs: patienceOf(pace),
    deregistrationMs,
    ...changed,
  };
}

const tell = (deployed: Deployed) =>
  deployed.outcome === 'done' ? 'all tasks replaced' : `rolled back: ${deployed.why}`;

export const rollout: Script = {
  what: 'rolling update with an expand migration',
  async act(scene) {
    const database = { databaseUrl: scene.stack.ownerUrl };
    await migrateWith({ database, all: [...migrations, expand] });
    const version = { ...scene.version, neededSchema: expand.number };
    const deployed = await deploy(nextOf(scene, { version }));
    return { note: tell(deployed), fleet: deployed.fleet, ok: deployed.outcome === 'done' };
  },
  passes: none,
};

/** These must fail: a rehearsal that cannot fail shows nothing. */
export const controls: readonly Script[] = [
  {
    what: 'control: tasks that end at once on SIGTERM',
    onTerm: 'exit',
    async act(scene) {
      const deployed = await deploy(nextOf(scene, { deregistrationMs: 0 }));
      return { note: tell(deployed), fleet: deployed.fleet };
    },
    passes: some,
  },
  {
    what: 'control: SIGTERM before the balancer knows, and closed at once',
    onTerm: 'close',
    async act(scene) {
      const deployed = await deploy(nextOf(scene, { stopsFirst: true }));
      return { note: tell(deployed), fleet: deployed.fleet };
    },
    passes: some,
  },
  {
    what: 'control: a column is simply renamed',
    async act({ stack, fleet, load }) {
      const owner = new pg.Client({ connectionString: stack.ownerUrl });
      await owner.connect();
      await owner.query('alter table cases rename column number to reference');
      const until = performance.now() + 3_000;
      while (load.failures().length === 0 && performance.now() < until) await pause(20);
      await owner.query('alter table cases rename column reference to number');
      await owner.end();
      return { note: 'and renamed back', fleet };
    },
    passes: some,
  },
];

export const rollbacks: readonly Script[] = [
  {
    what: 'bad version that is never ready: rolled back by its health checks',
    async act(scene) {
      const patienceMs = 4 * scene.pace.check.everyMs;
      const deployed = await deploy(nextOf(scene, { script: 'unhealthy.ts', patienceMs }));
      return { note: tell(deployed), fleet: deployed.fleet, ok: deployed.outcome === 'rolled back' };
    },
    passes: none,
  },
  {
    what: 'version whose migration was forgotten: refuses to start, rolled back',
    async act(scene) {
      const version = { ...scene.version, neededSchema: expand.number };
      const deployed = await deploy(nextOf(scene, { version }));
      return { note: tell(deployed), fleet: deployed.fleet, ok: deployed.outcome === 'rolled back' };
    },
    passes: none,
  },
];

export const killedTask: Script = {
  what: 'one of two tasks killed with SIGKILL',
  pauseAfterFailureMs: 250,
  async act({ balancer, fleet, version, load, pace }) {
    const [victim, survivor] = fleet;
    if (victim === undefined || survivor === undefined) throw new Error('there are two tasks');
    const startedMs = performance.now();
    await victim.kill();
    while (await balancer.isHealthy(victim.port)) await pause(20);
    const noticedMs = performance.now() - startedMs;
    const failedUntilThen = load.failures().length;
    await balancer.deregister(victim.port);
    // What ECS does next: a new task in the place of the one that is gone.
    const slot = balancer.slots.find((port) => port !== victim.port && port !== survivor.port) ?? 0;
    const fresh = startTask({ ...version, port: slot });
    await balancer.register(slot);
    const untilMs = performance.now() + patienceOf(pace);
    while (!(await balancer.isHealthy(slot)) && performance.now() < untilMs) await pause(50);
    await balancer.admit(slot);
    const restoredMs = performance.now() - startedMs;
    const later = load.failures().length - failedUntilThen;
    const note = `out after ${seconds(noticedMs)}, ${failedUntilThen} failed until then and ${later} after; two again after ${seconds(restoredMs)}`;
    return { note, fleet: [survivor, fresh], ok: later <= 1 };
  },
  // What was under way on the dead task is lost to the laptop, which hands it in again: no edit is.
  passes: ({ lost }) => lost === 0,
};

export const failover: Script = {
  what: 'PostgreSQL fails and comes back',
  isDurable: true,
  pauseAfterFailureMs: 250,
  async act({ stack, fleet, load, balancer }) {
    const awayMs = 3_000;
    const startedMs = performance.now();
    await stack.failDatabase(awayMs);
    const backMs = performance.now();
    const before = load.count() - load.failures().length;
    // Recovered when as many as there are devices were served since.
    while (load.count() - load.failures().length < before + 50) await pause(20);
    const recoveredMs = performance.now() - backMs;
    const healthy = await Promise.all(fleet.map((task) => balancer.isHealthy(task.port)));
    const note = `away for ${seconds(backMs - startedMs)}; 50 requests served ${seconds(recoveredMs)} after it was back; no task was taken out`;
    return { note, fleet, ok: healthy.every(Boolean) };
  },
  passes: ({ lost }) => lost === 0,
};

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
