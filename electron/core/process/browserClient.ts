/** S02: the case process's way to the system's browser: it asks its host, which decides whether and how it opens. */
import type { BrowserOutcome, CoreToHost } from './control.ts';

export interface BrowserClient {
  open(url: string): Promise<BrowserOutcome>;
  /** Called with each answer of the host. */
  settle(id: number, outcome: BrowserOutcome): void;
}

export function browserClient(send: (message: CoreToHost) => void): BrowserClient {
  let lastId = 0;
  const waiting = new Map<number, (outcome: BrowserOutcome) => void>();
  return {
    open(url) {
      const id = ++lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        send({ type: 'open-in-browser', id, url });
      });
    },
    settle(id, outcome) {
      waiting.get(id)?.(outcome);
      waiting.delete(id);
    },
  };
}
