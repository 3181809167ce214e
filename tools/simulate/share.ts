/** Shares the seeds of a simulation out among processes: each is given the next one as soon as it has ended one. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Found, foundSchema, type Order } from './player.ts';

export interface Sharing {
  readonly workers: number;
  readonly orders: Iterator<Order>;
  readonly onFound: (found: Found) => void;
}

/** Resolves when all seeds are played. A process that ends before its answer has found something, too. */
export async function shareOut({ workers, orders, onFound }: Sharing): Promise<void> {
  const one = async (): Promise<void> => {
    for (;;) {
      const first = orders.next();
      if (first.done === true) return;
      const worker = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)));
      await playIn(worker, first.value, { orders, onFound });
    }
  };
  await Promise.all(Array.from({ length: workers }, one));
}

/** Until there is no seed left, or the process is gone. */
function playIn(
  worker: ChildProcess,
  first: Order,
  { orders, onFound }: Pick<Sharing, 'orders' | 'onFound'>,
): Promise<void> {
  return new Promise((resolve) => {
    let current: Order | undefined = first;
    worker.on('message', (message) => {
      onFound(foundSchema.parse(message));
      const next = orders.next();
      current = next.done === true ? undefined : next.value;
      if (current === undefined) worker.disconnect();
      else worker.send(current);
    });
    worker.once('exit', (code, signal) => {
      if (current !== undefined) {
        const violation = { invariant: 'no defects', detail: `the process ended with ${code ?? signal}` };
        onFound({ seed: current.seed, changes: 0, violations: [violation] });
      }
      resolve();
    });
    worker.send(first);
  });
}
