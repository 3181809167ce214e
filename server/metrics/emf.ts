/**
 * CloudWatch's embedded metric format: a log line from which CloudWatch makes metrics, so that the service needs
 * neither an agent nor a permission for them.
 *
 *   {"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"TMA/prod","Dimensions":[[]],
 *     "Metrics":[{"Name":"Requests","Unit":"Count"}]}]},"Requests":120}
 *
 * Source: "Specification: Embedded metric format", Amazon CloudWatch User Guide.
 */
import { type MetricName, metricUnits, type Reading } from './metrics.ts';

/** A metric without values is left out: CloudWatch refuses an empty list. */
export function emfLine(
  namespace: string,
  reading: Reading,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const values = Object.entries(reading).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  const metrics = values.map(([name]) => ({ Name: name, Unit: metricUnits[name as MetricName] })); // Reading has no other
  return {
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics: metrics }],
    },
    ...Object.fromEntries(values),
  };
}
