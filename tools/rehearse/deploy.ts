/**
 * A rolling deployment as ECS does it at minimum 100 % and maximum 200 %: as many new tasks as there are old ones are
 * started beside them, get requests once the balancer finds them healthy, and only then are the old ones taken out
 * and told to stop. New tasks that do not become healthy are stopped, and the old ones go on as if nothing had been.
 */
import type { Balancer } from './balancer.ts';
import type { TaskOrder } from './task.types.ts';
import { startTask, type Task } from './tasks.ts';

export type Fleet = readonly Task[];
export type Version = Omit<TaskOrder, 'port'>;

export interface Deployment {
  readonly balancer: Balancer;
  readonly old: Fleet;
  readonly version: Version;
  /** How many tasks are wanted. */
  readonly desired: number;
  /** How long new tasks may take to become healthy. */
  readonly patienceMs: number;
  /** Between taking a task out of the balancer and telling it to stop; ECS waits for the requests under way. */
  readonly deregistrationMs: number;
  /** As it should not be: tasks are told to stop before the balancer knows. */
  readonly stopsFirst?: boolean;
  /** Which program new tasks run; left out, the service. */
  readonly script?: string;
}

export type Deployed =
  | { readonly outcome: 'done'; readonly fleet: Fleet }
  | { readonly outcome: 'rolled back'; readonly fleet: Fleet; readonly why: string };

export async function deploy(deployment: Deployment): Promise<Deployed> {
  const { balancer, old, version, desired, script } = deployment;
  const taken = new Set(old.map(({ port }) => port));
  const slots = balancer.slots.filter((slot) => !taken.has(slot)).slice(0, desired);
  const fresh = slots.map((port) => startTask({ ...version, port }, script));
  for (const slot of slots) await balancer.register(slot);
  const why = await untilHealthy(deployment, fresh);
  if (why !== undefined) {
    for (const task of fresh) await balancer.deregister(task.port);
    await Promise.all(fresh.map((task) => task.stop()));
    return { outcome: 'rolled back', fleet: old, why };
  }
  for (const slot of slots) await balancer.admit(slot);
  await Promise.all(old.map((task) => retire(deployment, task)));
  return { outcome: 'done', fleet: fresh };
}

/** `undefined` when all are healthy; else why they are given up. */
async function untilHealthy({ balancer, patienceMs }: Deployment, fresh: Fleet): Promise<string | undefined> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    if (fresh.some((task) => task.hasEnded())) return 'a new task ended by itself';
    const states = await Promise.all(fresh.map((task) => balancer.isHealthy(task.port)));
    if (states.every(Boolean)) return undefined;
    if (performance.now() > untilMs) return 'a new task did not become healthy in time';
    await pause(50);
  }
}

async function retire(
  { balancer, deregistrationMs, stopsFirst = false }: Deployment,
  task: Task,
): Promise<void> {
  if (stopsFirst) {
    await task.stop();
    await balancer.deregister(task.port);
    return;
  }
  await balancer.deregister(task.port);
  await pause(deregistrationMs);
  await task.stop();
}

export const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms));
