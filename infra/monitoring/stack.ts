import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EdgeStack } from '../edge/stack.ts';
import { alarm } from '../kit/alarm.ts';
import { StageStack } from '../kit/stack.ts';
import type { StageConfig } from '../stages.ts';
import { alarms } from './alarms.ts';
import { dashboardBody } from './dashboard.ts';
import { counted } from './metrics.ts';

interface MonitoringProps {
  readonly stage: StageConfig;
  readonly edge: EdgeStack;
  readonly topicArn: string;
}

export class MonitoringStack extends StageStack {
  constructor(scope: Construct, { stage, edge, topicArn }: MonitoringProps) {
    super(scope, 'monitoring', { stage, description: 'figures, alarms and the dashboard' });
    const { names } = this;
    for (const [metricName, filterPattern] of Object.entries(counted)) {
      new CfnMetricFilter(this, `Counts${metricName}`, {
        filterName: `${names.prefix}-${metricName}`,
        logGroupName: names.logGroup('service'),
        filterPattern,
        metricTransformations: [
          { metricNamespace: names.metrics, metricName, metricValue: '1', defaultValue: 0, unit: 'Count' },
        ],
      });
    }
    const entry = {
      loadBalancer: edge.entry.loadBalancer.attrLoadBalancerFullName,
      targets: edge.entry.targets.attrTargetGroupFullName,
    };
    const made = alarms({
      stage,
      names,
      entry,
      reporting: { loadBalancer: edge.reporting.loadBalancer.attrLoadBalancerFullName },
      certificateArns: { entry: edge.certificates.entry.ref, reporting: edge.certificates.reporting.ref },
    }).map((each) =>
      alarm(this, idOf(each.name), { ...each, name: `${names.prefix}-${each.name}`, topicArn }),
    );
    new CfnDashboard(this, 'Dashboard', {
      dashboardName: names.prefix,
      dashboardBody: this.toJsonString(
        dashboardBody({
          names,
          region: stage.region,
          ...entry,
          alarmArns: made.map((one) => one.attrArn),
        }),
      ),
    });
  }
}

/** `sync-lag` → `AlarmSyncLag`. */
function idOf(name: string): string {
  return `Alarm${name.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`;
}
