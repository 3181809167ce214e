/**
 * What the service counts about itself, gathered for a minute. One metric for every alarm that looks into the
 * service; none has a tenant, a person or a case in it. The names are also in `infra/`, which makes the alarms.
 */

/** Units as CloudWatch knows them. */
export const metricUnits = {
  /** Answered requests, and those answered with 5xx. */
  Requests: 'Count',
  ServerErrors: 'Count',
  /** Time to answer, without pulls that were told to wait for news. */
  Latency: 'Milliseconds',
  /** Proofs of requests and one-time codes that were refused. */
  FailedLogins: 'Count',
  /** How long the oldest edit of a push lay on its laptop before it arrived here. */
  SyncLag: 'Seconds',
  /** Cases whose date for a new assessment has passed. */
  DeadlineBreaches: 'Count',
  /** For how long the tenant that is worst off has had no statement of the witness in the storage. */
  WitnessAge: 'Seconds',
  /** Connections to the database: how many there are, and how many requests wait for one. */
  PoolConnections: 'Count',
  PoolWaiting: 'Count',
  /** The deep check: 1 when database, keys and attachments answered, else 0. */
  DeepCheck: 'None',
  /** 99th percentile of how late the event loop was. */
  EventLoopDelay: 'Milliseconds',
  ResidentMemory: 'Megabytes',
} as const;
export type MetricName = keyof typeof metricUnits;

export type Reading = Readonly<Partial<Record<MetricName, number | readonly number[]>>>;

export interface RequestMeasured {
  readonly status: number;
  readonly durationMs: number;
  /** Whether it was told to wait for news. */
  readonly waited: boolean;
}

/** CloudWatch takes at most so many values of one metric in one line. */
const mostValues = 100;
/** A minute of a busy task; beyond it every value stands for more than one request. */
const mostKept = 20_000;

export class Metrics {
  #requests = 0;
  #serverErrors = 0;
  #failedLogins = 0;
  #latenciesMs: number[] = [];
  #lagsS: number[] = [];

  request({ status, durationMs, waited }: RequestMeasured): void {
    this.#requests += 1;
    if (status >= 500) this.#serverErrors += 1;
    if (!waited) keep(this.#latenciesMs, durationMs, this.#requests);
  }

  failedLogin(): void {
    this.#failedLogins += 1;
  }

  /** @param writtenAtMs when the oldest edit of a push was written, by the laptop's clock. */
  pushed(writtenAtMs: number, nowMs: number): void {
    keep(this.#lagsS, Math.max(0, nowMs - writtenAtMs) / 1_000, this.#requests);
  }

  /** What was gathered since the last time; begins anew. */
  take(): Reading {
    const reading = {
      Requests: this.#requests,
      ServerErrors: this.#serverErrors,
      FailedLogins: this.#failedLogins,
      Latency: spread(this.#latenciesMs),
      SyncLag: spread(this.#lagsS),
    };
    this.#requests = 0;
    this.#serverErrors = 0;
    this.#failedLogins = 0;
    this.#latenciesMs = [];
    this.#lagsS = [];
    return reading;
  }
}

function keep(values: number[], value: number, at: number): void {
  if (values.length < mostKept) values.push(value);
  else values[at % mostKept] = value;
}

/** At most a hundred values whose percentiles are those of all; the greatest is always among them. */
export function spread(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length <= mostValues) return sorted;
  return Array.from({ length: mostValues }, (_, at) => {
    return sorted[Math.ceil(((at + 1) * sorted.length) / mostValues) - 1] ?? 0;
  });
}
