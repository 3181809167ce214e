/** Waiting that a signal or a bell can end. */

export interface After {
  /** Runs `run` once after the delay; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** Resolves after the delay or as soon as the signal is aborted. */
export function pause(clock: After, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Remembers that it was rung until somebody has listened. */
export interface Bell {
  ring(): void;
  /** Whether it was rung since the last time it was asked. */
  answer(): boolean;
  /** Resolves when it is rung, at once where it already was. */
  rung(): Promise<void>;
}

export function createBell(): Bell {
  let isRung = false;
  let next = Promise.withResolvers<void>();
  return {
    ring() {
      isRung = true;
      next.resolve();
    },
    answer() {
      const was = isRung;
      isRung = false;
      next = Promise.withResolvers<void>();
      return was;
    },
    rung: () => next.promise,
  };
}
