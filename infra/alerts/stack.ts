import type { Construct } from 'constructs';
import { arn } from '../kit/arn.ts';
import { eventAlert } from '../kit/events.ts';
import { fromOperator } from '../kit/parameters.ts';
import { StageStack } from '../kit/stack.ts';
import { alertTopic } from '../kit/topic.ts';
import type { StageConfig } from '../stages.ts';

interface AlertsProps {
  readonly stage: StageConfig;
  readonly alertsKeyArn: string;
}

/** The mailbox of whoever is on call, and the events of AWS that go to it; alarms are made where their metric is. */
export class AlertsStack extends StageStack {
  readonly topicArn: string;

  constructor(scope: Construct, { stage, alertsKeyArn }: AlertsProps) {
    super(scope, 'alerts', { stage, description: 'whom alarms wake up' });
    const topic = alertTopic(this, 'Topic', {
      name: this.names.topic,
      keyArn: alertsKeyArn,
      email: fromOperator(this, this.names, 'alert-email'),
    });
    this.topicArn = topic.ref;
    this.#events();
  }

  #events(): void {
    const { prefix, cluster, service, database } = this.names;
    const { topicArn } = this;
    eventAlert(this, 'DeploymentFailed', {
      name: `${prefix}-deployment-failed`,
      what: 'A deployment failed and was rolled back.',
      anchor: 'deployment-failed',
      topicArn,
      pattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Deployment State Change'],
        resources: [arn(this, 'ecs', `service/${cluster}/${service}`)],
        detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
      },
    });
    eventAlert(this, 'DatabaseFailover', {
      name: `${prefix}-database-failover`,
      what: 'The database failed over to its standby.',
      anchor: 'database-failover',
      topicArn,
      pattern: {
        source: ['aws.rds'],
        'detail-type': ['RDS DB Instance Event'],
        // Started, completed; failover that could not be done.
        detail: {
          SourceArn: [arn(this, 'rds', `db:${database}`)],
          EventID: ['RDS-EVENT-0013', 'RDS-EVENT-0049', 'RDS-EVENT-0031'],
        },
      },
    });
    eventAlert(this, 'BackupFailed', {
      name: `${prefix}-backup-failed`,
      what: 'A backup or its copy in the other region was not made.',
      anchor: 'backup-failed',
      topicArn,
      pattern: {
        source: ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Copy Job State Change'],
        detail: { state: ['FAILED', 'EXPIRED', 'ABORTED'] },
      },
    });
  }
}
