/** One task of a rehearsal: the service in a process of its own, told what it is by its first argument. */
import { startService } from '../../server/start.ts';
import type { TaskOrder } from './task.types.ts';

process.stdin.on('close', () => process.exit(1)).resume();
const order: TaskOrder = JSON.parse(process.argv[2] ?? '{}'); // written by tasks.ts
const { databaseUrl, keysDir, poolSize, signingSeed, epoch, port, drainMs, neededSchema, onTerm } = order;
try {
  const service = await startService(
    {
      ...{ databaseUrl, keysDir, poolSize, port },
      secrets: { signingSeed, epoch },
      production: true,
      logLevel: 'error',
      trustedProxies: 1,
      drainMs: onTerm === 'drain' ? drainMs : 0,
    },
    neededSchema === undefined ? {} : { neededSchema },
  );
  process.on('SIGTERM', () => {
    if (onTerm === 'exit') process.exit(0);
    void service.stop().then(() => process.exit(0));
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
}
