/**
 * Stands between us and PostgreSQL, so that PostgreSQL never outlives us: it runs the server given on its command
 * line and shuts it down cleanly as soon as its own standard input closes, which the operating system does for us
 * even when we are killed with -9. It runs in a process group of its own, so Ctrl+C in the terminal reaches the
 * program that started it and not the database under that program's feet.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { z } from 'zod';

export const guardOrderSchema = z.object({
  file: z.string(),
  args: z.array(z.string()),
  identity: z.object({ uid: z.number(), gid: z.number() }).optional(),
  /** The program and arguments that stop the server where signals do not exist (Windows). */
  stopCommand: z.array(z.string()),
  /** A folder that goes away with the server. */
  removeAfterwards: z.string().optional(),
});
export type GuardOrder = z.infer<typeof guardOrderSchema>;

/** A fast shutdown normally takes well under a second; after this the server is ended without a checkpoint. */
const PATIENCE_MS = 20_000;

function guard(order: GuardOrder): void {
  const server = spawn(order.file, order.args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    windowsHide: true,
    ...order.identity,
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    const [stopFile, ...stopArgs] = order.stopCommand;
    if (process.platform === 'win32' && stopFile !== undefined)
      spawn(stopFile, stopArgs, { windowsHide: true });
    else server.kill('SIGINT');
    setTimeout(() => server.kill('SIGQUIT'), PATIENCE_MS).unref();
  };
  process.stdin.on('close', stop).resume();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  server.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  server.on('exit', (code, signal) => {
    if (order.removeAfterwards !== undefined)
      rmSync(order.removeAfterwards, { recursive: true, force: true });
    process.exit(code ?? (signal === 'SIGQUIT' ? 2 : 1));
  });
}

const [, , text] = process.argv;
if (text !== undefined && import.meta.main) guard(guardOrderSchema.parse(JSON.parse(text)));
