/** A bad version: it starts and listens, and is never ready. */
import { createServer } from 'node:http';
import type { TaskOrder } from './task.types.ts';

const { port }: Pick<TaskOrder, 'port'> = JSON.parse(process.argv[2] ?? '{}'); // written by tasks.ts
createServer((_asked, reply) => reply.writeHead(500).end()).listen(port, '127.0.0.1');
process.stdin.on('close', () => process.exit(1)).resume();
process.on('SIGTERM', () => process.exit(0));
