import type { Construct } from 'constructs';
import { alarm } from '../kit/alarm.ts';
import type { Names } from '../names.ts';
import type { Balancer } from './balancer.ts';

interface RollbackProps {
  readonly names: Names;
  readonly balancer: Balancer;
  readonly desired: number;
  readonly topicArn: string;
}

/**
 * The two alarms that end a deployment and bring the old version back. They stand beside the load balancer they
 * watch, so that they exist before the service that names them.
 */
export function rollbackAlarms(
  scope: Construct,
  { names, balancer, desired, topicArn }: RollbackProps,
): void {
  const [errors, healthy] = names.rollbackAlarms;
  const dimensions = {
    LoadBalancer: balancer.loadBalancer.attrLoadBalancerFullName,
    TargetGroup: balancer.targets.attrTargetGroupFullName,
  };
  alarm(scope, 'RollbackErrors', {
    name: errors,
    what: 'Tasks answer with errors (5xx); a running deployment is rolled back.',
    anchor: 'rollback',
    topicArn,
    metric: {
      namespace: 'AWS/ApplicationELB',
      metricName: 'HTTPCode_Target_5XX_Count',
      dimensions,
      statistic: 'Sum',
    },
    rings: '≥',
    at: 10,
    points: [2, 3],
  });
  alarm(scope, 'RollbackHealthyTasks', {
    name: healthy,
    what: `Fewer than ${desired} tasks are ready; a running deployment is rolled back.`,
    anchor: 'rollback',
    topicArn,
    metric: {
      namespace: 'AWS/ApplicationELB',
      metricName: 'HealthyHostCount',
      dimensions,
      statistic: 'Minimum',
    },
    rings: '<',
    at: desired,
    points: [3, 3],
  });
}
