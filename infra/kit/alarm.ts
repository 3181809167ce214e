import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { runbook } from './runbook.ts';

export interface MetricSource {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic: string;
}

export interface AlarmProps {
  readonly name: string;
  /** One sentence: what is wrong when it rings. */
  readonly what: string;
  /** Heading of its runbook. */
  readonly anchor: string;
  readonly topicArn: string;
  /** One figure, or named ones joined by `expression`. */
  readonly metric:
    | MetricSource
    | { readonly expression: string; readonly of: Readonly<Record<string, MetricSource>> };
  readonly rings: '≥' | '>' | '<';
  readonly at: number;
  /** Seconds of one data point. */
  readonly every?: number;
  /** Rings when so many of the last so many data points are beyond the threshold. */
  readonly points?: readonly [number, number];
  /** Whether silence is a failure too. */
  readonly missing?: 'breaching' | 'notBreaching';
}

const operators = {
  '≥': 'GreaterThanOrEqualToThreshold',
  '>': 'GreaterThanThreshold',
  '<': 'LessThanThreshold',
} as const;

/** An alarm that mails what is wrong and where it says what to do, and mails again when it is over. */
export function alarm(scope: Construct, id: string, props: AlarmProps): CfnAlarm {
  const { every = 60, points: [breaching, considered] = [1, 1] } = props;
  return new CfnAlarm(scope, id, {
    alarmName: props.name,
    alarmDescription: `${props.what} ${runbook(props.anchor)}`,
    comparisonOperator: operators[props.rings],
    threshold: props.at,
    evaluationPeriods: considered,
    datapointsToAlarm: breaching,
    treatMissingData: props.missing ?? 'notBreaching',
    actionsEnabled: true,
    alarmActions: [props.topicArn],
    okActions: [props.topicArn],
    ...figures(props, every),
  });
}

function figures({ metric }: AlarmProps, every: number) {
  if ('expression' in metric) {
    const sources = Object.entries(metric.of).map(([id, source]) => ({
      id,
      returnData: false,
      metricStat: { metric: figure(source), period: every, stat: source.statistic },
    }));
    return { metrics: [{ id: 'result', expression: metric.expression, returnData: true }, ...sources] };
  }
  // Percentiles have a property of their own.
  const statistic = /^p\d/.test(metric.statistic)
    ? { extendedStatistic: metric.statistic }
    : { statistic: metric.statistic };
  return { ...figure(metric), ...statistic, period: every };
}

function figure({ namespace, metricName, dimensions = {} }: MetricSource) {
  const list = Object.entries(dimensions).map(([name, value]) => ({ name, value }));
  return { namespace, metricName, dimensions: list };
}
