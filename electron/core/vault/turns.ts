/**
 * Who may use the one connection: first come, first served. A unit of work that asks for a second turn while
 * it holds one would wait for itself for ever; that is a mistake in the program, so it is thrown.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { TmaError } from '../../../shared/errors.ts';

export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #holder = new AsyncLocalStorage<{ active: boolean }>();
  #taken = false;
  #closed = false;

  /** Waits for a turn; the returned function ends it. @throws TmaError `vault.locked` after `close`. */
  async take(): Promise<() => void> {
    if (this.#holder.getStore()?.active === true) {
      throw new Error('inside write() or read(), use the transaction handed in');
    }
    if (this.#closed) throw new TmaError('vault.locked');
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    return () => this.#pass();
  }

  /** Runs a unit of work that holds a turn, so that a nested `take` is recognised. */
  async holding<T>(work: () => Promise<T>): Promise<T> {
    const mark = { active: true };
    try {
      return await this.#holder.run(mark, work);
    } finally {
      mark.active = false;
    }
  }

  /** Refuses new turns and waits until those already asked for are over. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const last = this.take();
    this.#closed = true;
    (await last)();
  }

  #pass(): void {
    const next = this.#waiting.shift();
    // The turn goes straight to the next in line; nobody can slip in between.
    if (next === undefined) this.#taken = false;
    else next();
  }
}
