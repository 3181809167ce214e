import type { MetricSource } from '../kit/alarm.ts';
import type { Names } from '../names.ts';
import { serviceMetric } from './metrics.ts';

/** One row of the dashboard: a heading, and charts side by side. */
interface Row {
  readonly heading: string;
  readonly charts: Readonly<Record<string, readonly MetricSource[]>>;
}

interface DashboardProps {
  readonly names: Names;
  readonly region: string;
  readonly loadBalancer: string;
  readonly targets: string;
  /** Of the alarms to show on top. */
  readonly alarmArns: readonly string[];
}

/** What a person on call looks at first, from the outside in: alarms, requests, tasks, database, product. */
export function dashboardBody(props: DashboardProps): unknown {
  const { alarmArns, region } = props;
  const top = {
    type: 'alarm',
    x: 0,
    y: 0,
    width: 24,
    height: 4,
    properties: { title: 'Alarms', alarms: alarmArns },
  };
  const below = rows(props).flatMap((row, index) => widgets(row, { y: 4 + index * 7, region }));
  return { widgets: [top, ...below] };
}

function rows({ names, loadBalancer, targets }: DashboardProps): readonly Row[] {
  const balancer = (metricName: string, statistic: string): MetricSource => ({
    namespace: 'AWS/ApplicationELB',
    metricName,
    dimensions: { LoadBalancer: loadBalancer, TargetGroup: targets },
    statistic,
  });
  const task = (metricName: string): MetricSource => ({
    namespace: 'AWS/ECS',
    metricName,
    dimensions: { ClusterName: names.cluster, ServiceName: names.service },
    statistic: 'Maximum',
  });
  const database = (metricName: string): MetricSource => ({
    namespace: 'AWS/RDS',
    metricName,
    dimensions: { DBInstanceIdentifier: names.database },
    statistic: 'Maximum',
  });
  const own = (metric: Parameters<typeof serviceMetric>[1], statistic: string) =>
    serviceMetric(names.metrics, metric, statistic);
  return [
    {
      heading: 'Requests',
      charts: {
        Requests: [balancer('RequestCount', 'Sum')],
        'Time to answer': [own('Latency', 'p50'), own('Latency', 'p99')],
        'Errors and refusals': [
          balancer('HTTPCode_Target_5XX_Count', 'Sum'),
          own('Failures', 'Sum'),
          own('FailedLogins', 'Sum'),
        ],
      },
    },
    {
      heading: 'Tasks and database',
      charts: {
        Tasks: [
          balancer('HealthyHostCount', 'Minimum'),
          balancer('UnHealthyHostCount', 'Maximum'),
          task('CPUUtilization'),
          task('MemoryUtilization'),
        ],
        'Database: processor, connections': [database('CPUUtilization'), database('DatabaseConnections')],
        'Database: storage, latency': [
          database('FreeStorageSpace'),
          database('WriteLatency'),
          database('ReadLatency'),
        ],
      },
    },
    {
      heading: 'Product',
      charts: {
        'Age of what is pushed': [own('SyncLag', 'p50'), own('SyncLag', 'Maximum')],
        Deadlines: [own('DeadlineBreaches', 'Maximum')],
        'Deep check, waiting for the database': [own('DeepCheck', 'Minimum'), own('PoolWaiting', 'Maximum')],
      },
    },
  ];
}

function widgets({ heading, charts }: Row, { y, region }: { y: number; region: string }): readonly unknown[] {
  const title = { type: 'text', x: 0, y, width: 24, height: 1, properties: { markdown: `## ${heading}` } };
  const list = Object.entries(charts).map(([name, metrics], index) => ({
    type: 'metric',
    x: index * 8,
    y: y + 1,
    width: 8,
    height: 6,
    properties: { title: name, region, view: 'timeSeries', period: 60, metrics: metrics.map(line) },
  }));
  return [title, ...list];
}

function line({ namespace, metricName, dimensions = {}, statistic }: MetricSource): readonly unknown[] {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat: statistic }];
}
