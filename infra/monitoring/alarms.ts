/** The alarms, grouped by what they watch. Every `anchor` is a heading in docs/operations.md. */
import type { AlarmProps, MetricSource } from '../kit/alarm.ts';
import { databaseName, type Names } from '../names.ts';
import type { StageConfig } from '../stages.ts';
import { serviceMetric } from './metrics.ts';

export interface Watched {
  readonly stage: StageConfig;
  readonly names: Names;
  readonly entry: { readonly loadBalancer: string; readonly targets: string };
  readonly reporting: { readonly loadBalancer: string };
  readonly certificateArns: Readonly<Record<'entry' | 'reporting', string>>;
}

/** An alarm without what all share: its name's beginning and the topic. */
export type Alarm = Omit<AlarmProps, 'topicArn'>;

export function alarms(watched: Watched): readonly Alarm[] {
  return [
    ...answers(watched),
    ...tasks(watched),
    ...database(watched),
    ...product(watched),
    ...around(watched),
  ];
}

function answers({ names, entry, reporting }: Watched): readonly Alarm[] {
  const balancer = (metricName: string, of: Readonly<Record<string, string>>): MetricSource => ({
    namespace: 'AWS/ApplicationELB',
    metricName,
    dimensions: of,
    statistic: 'Sum',
  });
  return [
    {
      name: 'server-errors',
      what: 'More than 1 % of requests end in an error of the service (5xx).',
      anchor: 'server-errors',
      metric: {
        expression: 'IF(requests > 100, 100 * errors / requests, 0)',
        of: {
          errors: balancer('HTTPCode_Target_5XX_Count', { LoadBalancer: entry.loadBalancer }),
          requests: balancer('RequestCount', { LoadBalancer: entry.loadBalancer }),
        },
      },
      rings: '>',
      at: 1,
      points: [3, 5],
    },
    ...Object.entries({ entry: entry.loadBalancer, reporting: reporting.loadBalancer }).map(
      ([of, loadBalancer]): Alarm => ({
        name: `${of}-unanswered`,
        what: `The load balancer "${of}" answers with errors itself (5xx): no task took the request.`,
        anchor: 'unanswered',
        metric: balancer('HTTPCode_ELB_5XX_Count', { LoadBalancer: loadBalancer }),
        rings: '≥',
        at: 5,
        points: [2, 3],
      }),
    ),
    {
      name: 'slow-requests',
      what: 'One request in a hundred takes longer than 2 s, waiting pulls aside.',
      anchor: 'slow-requests',
      metric: serviceMetric(names.metrics, 'Latency', 'p99'),
      rings: '>',
      at: 2_000,
      every: 300,
      points: [2, 3],
    },
  ];
}

function tasks({ stage, names, entry }: Watched): readonly Alarm[] {
  const service = { ClusterName: names.cluster, ServiceName: names.service };
  const usage = (metricName: string): MetricSource => ({
    namespace: 'AWS/ECS',
    metricName,
    dimensions: service,
    statistic: 'Average',
  });
  return [
    {
      name: 'unhealthy-hosts',
      what: 'A task is not ready.',
      anchor: 'unhealthy-hosts',
      metric: {
        namespace: 'AWS/ApplicationELB',
        metricName: 'UnHealthyHostCount',
        dimensions: { LoadBalancer: entry.loadBalancer, TargetGroup: entry.targets },
        statistic: 'Maximum',
      },
      rings: '≥',
      at: 1,
      points: [5, 5],
    },
    {
      name: 'too-few-tasks',
      what: `Fewer than ${stage.task.desired} tasks run.`,
      anchor: 'too-few-tasks',
      metric: {
        namespace: 'ECS/ContainerInsights',
        metricName: 'RunningTaskCount',
        dimensions: service,
        statistic: 'Minimum',
      },
      rings: '<',
      at: stage.task.desired,
      points: [3, 5],
      missing: 'breaching',
    },
    {
      name: 'task-cpu',
      what: 'Tasks work at 85 % of their processor although scaling should have added some.',
      anchor: 'task-cpu-and-memory',
      metric: usage('CPUUtilization'),
      rings: '≥',
      at: 85,
      points: [10, 15],
    },
    {
      name: 'task-memory',
      what: 'Tasks use 85 % of their memory.',
      anchor: 'task-cpu-and-memory',
      metric: usage('MemoryUtilization'),
      rings: '≥',
      at: 85,
      points: [10, 15],
    },
  ];
}

const gib = 1_024 ** 3;

function database({ stage, names }: Watched): readonly Alarm[] {
  const metric = (metricName: string, statistic: string): MetricSource => ({
    namespace: 'AWS/RDS',
    metricName,
    dimensions: { DBInstanceIdentifier: names.database },
    statistic,
  });
  const { maxConnections, storageGiB } = stage.database;
  return [
    {
      name: 'database-cpu',
      what: 'The database works at 80 % of its processor.',
      anchor: 'database-cpu',
      metric: metric('CPUUtilization', 'Average'),
      rings: '≥',
      at: 80,
      points: [10, 15],
    },
    {
      name: 'database-storage',
      what: 'Less than 15 % of the database’s first storage is free: it grows by itself, unless it has reached its limit.',
      anchor: 'database-storage',
      metric: metric('FreeStorageSpace', 'Minimum'),
      rings: '<',
      at: Math.round(storageGiB * 0.15) * gib,
      every: 300,
      points: [3, 3],
    },
    {
      name: 'database-memory',
      what: 'The database has less than 256 MiB of free memory.',
      anchor: 'database-memory',
      metric: metric('FreeableMemory', 'Minimum'),
      rings: '<',
      at: gib / 4,
      points: [10, 15],
    },
    {
      name: 'database-connections',
      what: `More than 80 % of the ${maxConnections} connections of the database "${databaseName}" are taken.`,
      anchor: 'database-connections',
      metric: metric('DatabaseConnections', 'Maximum'),
      rings: '≥',
      at: Math.round(maxConnections * 0.8),
      points: [3, 5],
    },
    {
      name: 'deep-check',
      what: 'Database, keys or attachments do not answer the service, or the service says nothing any more.',
      anchor: 'deep-check',
      metric: serviceMetric(names.metrics, 'DeepCheck', 'Minimum'),
      rings: '<',
      at: 1,
      points: [3, 3],
      missing: 'breaching',
    },
    {
      name: 'database-waiting',
      what: 'Requests wait for a connection to the database.',
      anchor: 'database-connections',
      metric: serviceMetric(names.metrics, 'PoolWaiting', 'Maximum'),
      rings: '≥',
      at: 10,
      points: [5, 5],
    },
  ];
}

function product({ names }: Watched): readonly Alarm[] {
  const own = (metric: Parameters<typeof serviceMetric>[1], statistic: string) =>
    serviceMetric(names.metrics, metric, statistic);
  return [
    {
      name: 'failed-logins',
      what: 'More than 50 proofs or one-time codes were refused within 5 minutes.',
      anchor: 'failed-logins',
      metric: own('FailedLogins', 'Sum'),
      rings: '>',
      at: 50,
      every: 300,
    },
    {
      name: 'failures',
      what: 'The service met something it did not expect.',
      anchor: 'failures',
      metric: own('Failures', 'Sum'),
      rings: '≥',
      at: 5,
      every: 300,
    },
    {
      name: 'sync-lag',
      // A laptop that was away brings old edits, so the oldest tell nothing; when half of all pushes are late, something does.
      what: 'Half of what laptops push is older than 15 minutes: they do not get through when they are online.',
      anchor: 'sync-lag',
      metric: own('SyncLag', 'p50'),
      rings: '>',
      at: 900,
      every: 900,
      points: [3, 3],
    },
    {
      name: 'witness-late',
      what: 'For two and a half hours no statement of the witness has reached its storage.',
      anchor: 'witness-late',
      metric: own('WitnessAge', 'Maximum'),
      rings: '>',
      at: 9_000,
      every: 900,
    },
    {
      name: 'deadlines-missed',
      what: 'The date for a new assessment of a case has passed.',
      anchor: 'deadlines-missed',
      metric: own('DeadlineBreaches', 'Maximum'),
      rings: '≥',
      at: 1,
      every: 3_600,
    },
  ];
}

function around({ stage, names, certificateArns }: Watched): readonly Alarm[] {
  return [
    ...Object.entries(certificateArns).map(
      ([of, arn]): Alarm => ({
        name: `${of}-certificate`,
        what: `The certificate of the entry "${of}" ends in less than 30 days and was not renewed.`,
        anchor: 'certificate',
        metric: {
          namespace: 'AWS/CertificateManager',
          metricName: 'DaysToExpiry',
          dimensions: { CertificateArn: arn },
          statistic: 'Minimum',
        },
        rings: '<',
        at: 30,
        every: 86_400,
      }),
    ),
    {
      name: 'evidence-copy',
      what: 'Attachments were not copied to the recovery region within 15 minutes.',
      anchor: 'evidence-copy',
      metric: {
        namespace: 'AWS/S3',
        metricName: 'ReplicationLatency',
        dimensions: {
          SourceBucket: names.evidenceBucket,
          DestinationBucket: names.evidenceReplica,
          RuleId: 'recovery',
        },
        statistic: 'Maximum',
      },
      rings: '>',
      at: 900,
      every: 300,
      points: [3, 3],
    },
    {
      name: 'firewall-refusals',
      what: 'The firewall refuses an unusual number of requests: an attack, or a rule that hits laptops.',
      anchor: 'firewall-refusals',
      metric: {
        namespace: 'AWS/WAFV2',
        metricName: 'BlockedRequests',
        dimensions: { WebACL: `${names.prefix}-entry`, Region: stage.region, Rule: 'ALL' },
        statistic: 'Sum',
      },
      rings: '>',
      at: 1_000,
      every: 300,
    },
  ];
}
