import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { arn } from './arn.ts';
import { publishers } from './topic.ts';

interface KeyProps {
  readonly alias: string;
  readonly description: string;
  /** Beside the account itself, whose IAM policies decide about everyone else. */
  readonly allows?: readonly PolicyStatement[];
}

/** A symmetric key that rotates every year, is kept when its stack goes, and takes 30 days to delete. */
export function key(scope: Construct, id: string, { alias, description, allows = [] }: KeyProps): CfnKey {
  const made = new CfnKey(scope, id, {
    description,
    enableKeyRotation: true,
    rotationPeriodInDays: 365,
    pendingWindowInDays: 30,
    keyPolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'AccountDecides',
          principals: [new AccountRootPrincipal()],
          actions: ['kms:*'],
          resources: ['*'],
        }),
        ...allows,
      ],
    }),
  });
  made.applyRemovalPolicy(RemovalPolicy.RETAIN);
  new CfnAlias(scope, `${id}Alias`, { aliasName: alias, targetKeyId: made.ref });
  return made;
}

/** CloudWatch Logs encrypts the log groups of this account and region. */
export function forLogs(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    sid: 'LogGroups',
    principals: [new ServicePrincipal(`logs.${Stack.of(scope).region}.amazonaws.com`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn(scope, 'logs', 'log-group:*') } },
  });
}

/** AWS services that publish to a topic encrypted with this key. */
export function forPublishers(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Publishers',
    principals: publishers.map((service) => new ServicePrincipal(service)),
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
  });
}

/** Fargate encrypts the disks of the tasks of one cluster. */
export function forFargate(account: string, cluster: string): readonly PolicyStatement[] {
  const context = {
    'kms:EncryptionContext:aws:ecs:clusterAccount': account,
    'kms:EncryptionContext:aws:ecs:clusterName': cluster,
  };
  const fargate = { principals: [new ServicePrincipal('fargate.amazonaws.com')], resources: ['*'] };
  return [
    new PolicyStatement({
      ...fargate,
      sid: 'FargateMakesKeys',
      actions: ['kms:GenerateDataKeyWithoutPlaintext'],
      conditions: { StringEquals: context },
    }),
    new PolicyStatement({
      ...fargate,
      sid: 'FargateLendsThemToItsTasks',
      actions: ['kms:CreateGrant'],
      conditions: {
        StringEquals: context,
        'ForAllValues:StringEquals': { 'kms:GrantOperations': ['Decrypt'] },
      },
    }),
  ];
}
