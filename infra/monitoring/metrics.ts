/**
 * Figures the service itself gives, in the namespace `TMA/STAGE`.
 *
 * `counted` ones are made here, from the lines the service logs about every request (`server/http/logging.ts`).
 * `emitted` ones the service writes to its log in the embedded metric format, without dimensions, once a minute.
 */
import type { MetricSource } from '../kit/alarm.ts';

/** A metric filter over the service's log: how many lines match in a minute. */
export const counted = {
  Requests: '{ $.event = "request" }',
  /** Waiting pulls are slow on purpose: they last up to 55 s. */
  SlowRequests: '{ $.event = "request" && $.durationMs > 1000 && $.route != "/v1/sync/pull" }',
  /** A stale nonce is no failure: the laptop asks again with the one it was just given. */
  FailedLogins:
    '{ $.event = "request" && ($.status = 401 || $.status = 403) && $.code != "auth.nonce-stale" }',
  Failures: '{ $.event = "failure" }',
} as const satisfies Record<string, string>;

/** What the service emits, and what each figure means. */
export const emitted = {
  DatabaseReachable: '1 when a query of the deep check was answered within 2 s, else 0',
  SyncLagSeconds: 'age of the oldest change that a laptop which asks for news has not been given',
  DeadlinesMissed:
    'deadlines that are over: reassessments, tasks, deletions, rights requests, of all tenants',
  WitnessAgeSeconds: 'time since the last hash root was written to the witness',
  IntegrityAlarms: 'pushes that contradict what the service holds: a forked or forged log, a cloned laptop',
} as const;

export type ServiceMetric = keyof typeof counted | keyof typeof emitted;

export function serviceMetric(namespace: string, metricName: ServiceMetric, statistic: string): MetricSource {
  return { namespace, metricName, statistic };
}
