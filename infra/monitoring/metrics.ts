/**
 * Figures the service gives about itself, in the namespace `TMA/STAGE`.
 *
 * It writes most of them into its log once a minute, in CloudWatch's embedded metric format, without dimensions:
 * `server/metrics/metrics.ts` has their names and units, and a test compares. One is counted here, from the lines about
 * what the service did not expect, so that even a task that no longer writes figures is heard.
 */
import type { MetricSource } from '../kit/alarm.ts';

/** Metric filters over the service's log: how many lines match. */
export const counted = { Failures: '{ $.event = "failure" }' } as const;

export type ServiceMetric =
  | keyof typeof counted
  | 'Requests'
  | 'ServerErrors'
  | 'Latency'
  | 'FailedLogins'
  | 'SyncLag'
  | 'DeadlineBreaches'
  | 'WitnessAge'
  | 'PoolConnections'
  | 'PoolWaiting'
  | 'DeepCheck'
  | 'EventLoopDelay'
  | 'ResidentMemory';

export function serviceMetric(namespace: string, metricName: ServiceMetric, statistic: string): MetricSource {
  return { namespace, metricName, statistic };
}
