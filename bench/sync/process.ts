/**
 * The parts of a measurement, each a process of its own as in life: what one side uses is not the other side's.
 * A child answers each order with what it used for it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an order has cost the process that carried it out. */
export interface Used {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most it held in memory meanwhile, by the kernel's count. */
  readonly peakMiB: number;
}

export interface Child<Order> {
  readonly pid: number;
  /** What it said when it was there. */
  readonly said: unknown;
  do(order: Order): Promise<Used & { readonly told?: unknown }>;
  end(): Promise<void>;
}

type Reply = { readonly used: Used; readonly told: unknown } | { readonly failed: string };

/** Starts a script of this folder and waits until it says that it is there. */
export async function startChild<Order extends object = object>(
  script: string,
  ...args: string[]
): Promise<Child<Order>> {
  const child = fork(join(import.meta.dirname, script), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const said = await nextMessage(child);
  return {
    said,
    pid: child.pid ?? 0,
    async do(order) {
      child.send(order);
      const reply = (await nextMessage(child)) as Reply; // sent by `carryOut` alone
      if ('failed' in reply) throw new Error(reply.failed);
      return { ...reply.used, told: reply.told };
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => message),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`a measured process ended with ${code}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}

/** In the child: carries orders out one after the other, measuring each. */
export function carryOut<Order>(work: (order: Order) => Promise<unknown>): void {
  process.on('message', (order: Order) => {
    measured(() => work(order)).then(
      (reply) => process.send?.(reply),
      (error: unknown) =>
        process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
  });
  process.on('SIGTERM', () => process.exit(0));
  process.send?.('ready');
}

async function measured(work: () => Promise<unknown>): Promise<{ used: Used; told: unknown }> {
  // Forgets the peak so far (Linux, proc(5)); what came before is not part of the measurement.
  writeFileSync('/proc/self/clear_refs', '5');
  const before = process.cpuUsage();
  const startMs = performance.now();
  const told = await work();
  const seconds = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const peakKiB = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return { used: { seconds, cpuSeconds: (user + system) / 1e6, peakMiB: Number(peakKiB) / 1_024 }, told };
}
