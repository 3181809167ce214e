/** Starting, asking, stopping and killing tasks, as ECS does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { TaskOrder } from './task.types.ts';

export interface Task {
  readonly port: number;
  readonly pid: number;
  /** Status of `/readyz` now; `undefined` when nothing answers. */
  readiness(): Promise<number | undefined>;
  /** Whether its process has ended by itself. */
  hasEnded(): boolean;
  /** SIGTERM, then SIGKILL after the time a platform gives; gives the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

/** The platform's own: what a task may take from SIGTERM to its end. */
const stopTimeoutMs = 90_000;

/** Starts a process; whether it comes up is for the health checks to say. */
export function startTask(order: TaskOrder, script = 'task.ts'): Task {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [file, JSON.stringify(order)], {
    // It holds the other end of its input, and ends when the rehearsal is gone, however that ended.
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals) => {
    if (isOver()) return;
    child.kill(signal);
    await ended;
  };
  return {
    port: order.port,
    pid: pidOf(child),
    readiness: () => readiness(order.port),
    hasEnded: isOver,
    async stop() {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await end('SIGTERM');
      clearTimeout(timer);
      return child.exitCode;
    },
    kill: () => end('SIGKILL'),
  };
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a task could not be started');
  return child.pid;
}

function readiness(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = get(
      { host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 5_000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
  });
}
