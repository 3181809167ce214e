/** Locks when nobody has touched the laptop for a while. */

export interface IdleWatchDeps {
  readonly clock: { nowMs(): number; after(delayMs: number, run: () => void): () => void };
  /** Asked each time the watch is wound up. */
  readonly limitMs: () => number;
  readonly onIdle: () => void;
}

export interface IdleWatch {
  /** Somebody is there: begins, or begins anew. */
  touch(): void;
  /** The limit may be another one: holds at once, counted from the last touch. */
  policyChanged(): void;
  stop(): void;
}

export function createIdleWatch({ clock, limitMs, onIdle }: IdleWatchDeps): IdleWatch {
  let touchedAtMs: number | undefined;
  let cancel: () => void = () => undefined;
  const wind = (sinceMs: number): void => {
    cancel();
    cancel = clock.after(Math.max(0, sinceMs + limitMs() - clock.nowMs()), onIdle);
  };
  return {
    touch() {
      touchedAtMs = clock.nowMs();
      wind(touchedAtMs);
    },
    policyChanged() {
      if (touchedAtMs !== undefined) wind(touchedAtMs);
    },
    stop() {
      touchedAtMs = undefined;
      cancel();
    },
  };
}
