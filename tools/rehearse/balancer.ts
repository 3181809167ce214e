/**
 * What stands between laptops and tasks. Both kinds do what an Application Load Balancer does and no more: HTTP with
 * kept connections on both sides, health checks that count, targets that are taken out while their requests end, and
 * never a second try.
 */
export interface Balancer {
  readonly name: string;
  readonly port: number;
  /** Places for tasks, by the port a task there listens on. */
  readonly slots: readonly number[];
  /** Begins to check a target, which gets no requests yet. */
  register(slot: number): Promise<void>;
  /** Whether its checks say it is healthy. */
  isHealthy(slot: number): Promise<boolean>;
  /** From now on it gets requests while it is healthy. */
  admit(slot: number): Promise<void>;
  /** From now on it gets no new requests; those under way go on. */
  deregister(slot: number): Promise<void>;
  close(): Promise<void>;
}

/** The ALB's: every 10 s, 5 s for an answer, twice in a row for a change. Rehearsals may shorten all of them alike. */
export interface CheckTimes {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

export const albCheck: CheckTimes = { everyMs: 10_000, timeoutMs: 5_000 };
/** Answers in a row that make a target healthy, or unhealthy. */
export const changesAfter = 2;
/** A connection on which nothing comes is closed. */
export const idleMs = 60_000;
