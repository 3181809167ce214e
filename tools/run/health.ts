/** Whether a service answers at an address, with a certificate of the given authority. */
import { request } from 'node:https';

const PATIENCE_MS = 2_000;

export function answersAt(url: string, caPem: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request(
      new URL('/healthz', url),
      { ca: caPem, timeout: PATIENCE_MS, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(false));
    asking.end();
  });
}
