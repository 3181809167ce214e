import { Aws, CfnParameter, RemovalPolicy } from 'aws-cdk-lib';
import { CfnAnalyzer } from 'aws-cdk-lib/aws-accessanalyzer';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { CfnDetector } from 'aws-cdk-lib/aws-guardduty';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnKey } from 'aws-cdk-lib/aws-kms';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { arn, bucketArn } from '../kit/arn.ts';
import { expiry, privateBucket } from '../kit/bucket.ts';
import { eventAlert } from '../kit/events.ts';
import { forLogs, forPublishers, key } from '../kit/key.ts';
import { logGroup } from '../kit/logs.ts';
import { role } from '../kit/roles.ts';
import { PlainStack } from '../kit/stack.ts';
import { alertTopic } from '../kit/topic.ts';
import { namesOf } from '../names.ts';
import type { StageConfig } from '../stages.ts';

const trailName = 'tma-account';
const trailDays = 400;

/**
 * Once for each account, whatever stages are in it: who did what (CloudTrail), who tries what (GuardDuty), what is
 * open to others (Access Analyzer), what it costs (Budgets). Left out where the organisation runs these for all accounts.
 */
export class AccountStack extends PlainStack {
  readonly #stages: readonly StageConfig[];

  constructor(scope: Construct, { region, stages }: { region: string; stages: readonly StageConfig[] }) {
    super(scope, 'account', {
      stackName: 'tma-account',
      description: 'TMA: guards of the account, once in each',
      region,
      tags: { 'tma:concern': 'account' },
    });
    this.#stages = stages;
    const email = new CfnParameter(this, 'AlertEmail', { description: 'Mailbox of whoever is on call' })
      .valueAsString;
    const made = this.#key();
    const topic = alertTopic(this, 'Topic', { name: 'tma-account-alerts', keyArn: made.attrArn, email });
    this.#trail(made);
    this.#guard(topic.ref);
    this.#budget(email);
    new CfnAnalyzer(this, 'Analyzer', { analyzerName: 'tma-account', type: 'ACCOUNT' });
  }

  #key(): CfnKey {
    const trail = {
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceArn': arn(this, 'cloudtrail', `trail/${trailName}`) } },
    };
    return key(this, 'Key', {
      alias: 'alias/tma/account',
      description: 'TMA: the trail of the account and its alerts',
      allows: [
        forLogs(this),
        forPublishers(),
        new PolicyStatement({
          ...trail,
          sid: 'TrailEncrypts',
          actions: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
        }),
      ],
    });
  }

  /** Every call to AWS in every region, and every reading and writing of evidence, in a bucket nobody can rewrite. */
  #trail(made: CfnKey): void {
    const name = `tma-account-trail-${Aws.ACCOUNT_ID}`;
    const bucket = this.#trailBucket(name, made.attrArn);
    const group = logGroup(this, 'TrailLogGroup', {
      name: '/tma/account/trail',
      keyArn: made.attrArn,
      days: 90,
    });
    const writer = role(this, 'TrailRole', {
      name: 'tma-account-trail',
      description: 'Writes the trail to its log group',
      trusts: new ServicePrincipal('cloudtrail.amazonaws.com'),
      when: { StringEquals: { 'aws:SourceArn': arn(this, 'cloudtrail', `trail/${trailName}`) } },
      may: [{ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [group.attrArn] }],
    });
    const watched = this.#stages.flatMap((stage) => {
      const { prefix } = namesOf(stage);
      return [bucketArn(this, `${prefix}-evidence`), bucketArn(this, `${prefix}-witness`)];
    });
    const trail = new CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: bucket.ref,
      kmsKeyId: made.attrArn,
      cloudWatchLogsLogGroupArn: group.attrArn,
      cloudWatchLogsRoleArn: writer.attrArn,
      advancedEventSelectors: [
        {
          name: 'Calls to AWS',
          fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }],
        },
        {
          name: 'Evidence and hash roots',
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
            // Not the trail's own bucket, whose writing would be written about without end.
            { field: 'resources.ARN', startsWith: watched },
          ],
        },
      ],
    });
    trail.node.addDependency(this.node.findChild('TrailBucketPolicy'));
    trail.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  #trailBucket(name: string, keyArn: string): CfnBucket {
    const trail = {
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceArn': arn(this, 'cloudtrail', `trail/${trailName}`) } },
    };
    const bucket = privateBucket(this, 'TrailBucket', {
      name,
      keyArn,
      lifecycle: [expiry(trailDays)],
      statements: [
        new PolicyStatement({
          ...trail,
          sid: 'TrailLooks',
          actions: ['s3:GetBucketAcl'],
          resources: [bucketArn(this, name)],
        }),
        new PolicyStatement({
          ...trail,
          sid: 'TrailWrites',
          actions: ['s3:PutObject'],
          resources: [bucketArn(this, `${name}/AWSLogs/${Aws.ACCOUNT_ID}/*`)],
        }),
      ],
      more: {
        objectLockEnabled: true,
        objectLockConfiguration: {
          objectLockEnabled: 'Enabled',
          rule: { defaultRetention: { mode: 'GOVERNANCE', days: 365 } },
        },
      },
    });
    acknowledge(bucket, {
      'AwsSolutions-S1': 'It is the bucket of the trail: the trail itself records who reads it.',
      'NIST.800.53.R5-S3BucketLoggingEnabled':
        'It is the bucket of the trail: the trail itself records who reads it.',
      'NIST.800.53.R5-S3BucketReplicationEnabled':
        'Write-once for a year and validated by hash; a copy in another account is the organisation’s own trail.',
    });
    return bucket;
  }

  #guard(topicArn: string): void {
    const on = (name: string, more: readonly string[] = []) => ({
      name,
      status: 'ENABLED',
      ...(more.length === 0
        ? {}
        : { additionalConfiguration: more.map((each) => ({ name: each, status: 'ENABLED' })) }),
    });
    new CfnDetector(this, 'GuardDuty', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      features: [
        on('S3_DATA_EVENTS'),
        on('RDS_LOGIN_EVENTS'),
        on('RUNTIME_MONITORING', ['ECS_FARGATE_AGENT_MANAGEMENT']),
      ],
    });
    eventAlert(this, 'Finding', {
      name: 'tma-account-guardduty',
      what: 'GuardDuty found something of medium severity or worse.',
      anchor: 'guardduty-finding',
      topicArn,
      pattern: {
        source: ['aws.guardduty'],
        'detail-type': ['GuardDuty Finding'],
        detail: { severity: [{ numeric: ['>=', 4] }] },
      },
    });
  }

  #budget(email: string): void {
    const limit = new CfnParameter(this, 'MonthlyBudget', {
      description: 'US dollars a month that are expected',
      type: 'Number',
      default: 2_000,
    });
    const at = (threshold: number, notificationType: 'ACTUAL' | 'FORECASTED') => ({
      notification: {
        comparisonOperator: 'GREATER_THAN',
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ address: email, subscriptionType: 'EMAIL' }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: 'tma-account',
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: limit.valueAsNumber, unit: 'USD' },
      },
      notificationsWithSubscribers: [at(80, 'ACTUAL'), at(100, 'FORECASTED')],
    });
  }
}
