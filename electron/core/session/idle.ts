/** Locks when nobody has touched the laptop for a while. */

export interface IdleWatchDeps {
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** Asked each time the watch is wound up, so that a new policy holds from the next touch on. */
  readonly limitMs: () => number;
  readonly onIdle: () => void;
}

export interface IdleWatch {
  /** Somebody is there: begins, or begins anew. */
  touch(): void;
  stop(): void;
}

export function createIdleWatch({ after, limitMs, onIdle }: IdleWatchDeps): IdleWatch {
  let cancel: () => void = () => undefined;
  return {
    touch() {
      cancel();
      cancel = after(limitMs(), onIdle);
    },
    stop() {
      cancel();
    },
  };
}
