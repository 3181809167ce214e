/**
 * Who may do what. Execution roles are what ECS uses to start a task (fetch the image, read its settings, open its
 * log); task roles are what the program in it may do.
 */
import { Aws, Stack } from 'aws-cdk-lib';
import { type CfnRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { arn, bucketArn } from '../kit/arn.ts';
import { type Permission, role } from '../kit/roles.ts';
import { type Names, repositoryName } from '../names.ts';
import type { StageConfig } from '../stages.ts';

interface TaskRolesProps {
  readonly stage: StageConfig;
  readonly names: Names;
  readonly secretsKeyArn: string;
  readonly databaseKeyArn: string;
  readonly evidenceKeyArn: string;
  readonly ownerSecretArn: string;
  /** Account the images are in. */
  readonly pipelineAccount: string;
  readonly witness: { readonly bucket: string; readonly keyArn: string };
}

export interface TaskRoles {
  readonly service: CfnRole;
  readonly admin: CfnRole;
  /** Nothing: a migration talks to the database alone. */
  readonly migrate: CfnRole;
  /** Starts the service and administration. */
  readonly startsService: CfnRole;
  /** Starts the migration, and may read the owner's password. */
  readonly startsMigration: CfnRole;
}

export function makeTaskRoles(scope: Construct, props: TaskRolesProps): TaskRoles {
  const { names } = props;
  const task = (id: string, of: { name: string; description: string; may: readonly Permission[] }) =>
    role(scope, id, { ...of, trusts: new ServicePrincipal('ecs-tasks.amazonaws.com'), when: tasksOf(scope) });
  const keysOfTenants = useTenantKeys(scope, names);
  return {
    service: task('ServiceRole', {
      name: names.taskRole,
      description: 'What the service may do',
      may: [keysOfTenants, ...evidence(scope, props), ...witness(scope, props)],
    }),
    admin: task('AdminRole', {
      name: `${names.prefix}-admin`,
      description: 'What administration may do: make and destroy the keys of tenants',
      may: [keysOfTenants, ...manageTenantKeys(scope, props)],
    }),
    migrate: task('MigrateRole', {
      name: `${names.prefix}-migrate`,
      description: 'Nothing: a migration talks to the database alone',
      may: [],
    }),
    startsService: task('ServiceExecutionRole', {
      name: `${names.prefix}-starts-service`,
      description: 'Starts tasks of the service and of administration',
      may: [...start(scope, props, ['service', 'admin']), ...readSettings(scope, props)],
    }),
    startsMigration: task('MigrateExecutionRole', {
      name: `${names.prefix}-starts-migration`,
      description: 'Starts the migration',
      may: [...start(scope, props, ['migrate']), ...readOwner(scope, props)],
    }),
  };
}

/** ECS takes the role for tasks of this account only. */
function tasksOf(scope: Construct) {
  return {
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    ArnLike: { 'aws:SourceArn': arn(scope, 'ecs', '*') },
  };
}

/** Only keys under the tenants' alias, and only together with the tenant's id, which KMS binds to the result. */
function useTenantKeys(scope: Construct, names: Names): Permission {
  return {
    actions: ['kms:Encrypt', 'kms:Decrypt'],
    resources: [arn(scope, 'kms', 'key/*')],
    conditions: {
      'ForAnyValue:StringLike': { 'kms:ResourceAliases': `${names.tenantKeyAlias}*` },
      Null: { 'kms:EncryptionContext:tenant': 'false' },
    },
    because: 'Keys of tenants are made while the system runs; the alias they are under limits this to them.',
  };
}

/** Keys of tenants are made with a tag that says so, and only such keys can get an alias or be destroyed. */
function manageTenantKeys(scope: Construct, { names }: TaskRolesProps): readonly Permission[] {
  const because = 'A key has no name before it exists; its tag and its alias limit this to keys of tenants.';
  const keys = arn(scope, 'kms', 'key/*');
  const tagged = (of: 'Request' | 'Resource') => ({
    StringEquals: { [`aws:${of}Tag/tma:purpose`]: 'tenant' },
  });
  return [
    {
      actions: ['kms:CreateKey', 'kms:TagResource'],
      resources: ['*'],
      conditions: tagged('Request'),
      because,
    },
    { actions: ['kms:CreateAlias'], resources: [arn(scope, 'kms', `${names.tenantKeyAlias}*`)], because },
    {
      actions: ['kms:CreateAlias', 'kms:DescribeKey', 'kms:EnableKeyRotation', 'kms:ScheduleKeyDeletion'],
      resources: [keys],
      conditions: tagged('Resource'),
      because,
    },
  ];
}

function evidence(scope: Construct, { stage, names, evidenceKeyArn }: TaskRolesProps): readonly Permission[] {
  return [
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: [bucketArn(scope, `${names.evidenceBucket}/*`)],
      because: 'Attachments are named by their hash.',
    },
    { actions: ['s3:ListBucket'], resources: [bucketArn(scope, names.evidenceBucket)] },
    {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [evidenceKeyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${stage.region}.amazonaws.com` } },
    },
  ];
}

function witness(
  scope: Construct,
  { stage, witness: { bucket, keyArn } }: TaskRolesProps,
): readonly Permission[] {
  return [
    {
      actions: ['s3:PutObject'],
      resources: [bucketArn(scope, `${bucket}/roots/*`)],
      because: 'Hash roots are named by their hour.',
    },
    {
      actions: ['kms:GenerateDataKey'],
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${stage.region}.amazonaws.com` } },
    },
  ];
}

type LogOf = Parameters<Names['logGroup']>[0];

function start(
  scope: Construct,
  { names, pipelineAccount }: TaskRolesProps,
  logs: readonly LogOf[],
): readonly Permission[] {
  const { partition, region } = Stack.of(scope);
  const repositories = `arn:${partition}:ecr:${region}`;
  const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
  return [
    {
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      because: 'A login to ECR belongs to no repository; AWS accepts nothing narrower.',
    },
    { actions: pull, resources: [`${repositories}:${pipelineAccount}:repository/${repositoryName}`] },
    {
      actions: pull,
      resources: [`${repositories}:*:repository/aws-guardduty-agent-fargate`],
      because: 'GuardDuty places its agent beside every task, from an account of AWS that differs by region.',
    },
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: logs.map((of) => arn(scope, 'logs', `log-group:${names.logGroup(of)}:log-stream:*`)),
      because: 'Every task has a log stream of its own.',
    },
  ];
}

function readSettings(scope: Construct, { names, secretsKeyArn }: TaskRolesProps): readonly Permission[] {
  return [
    {
      actions: ['ssm:GetParameters'],
      resources: (['operator', 'secret', 'service'] as const).map((family) =>
        arn(scope, 'ssm', `parameter${names.parameter(family, '*')}`),
      ),
      because: 'All settings of this stage, and of no other.',
    },
    decryptParameters(scope, secretsKeyArn),
  ];
}

function readOwner(scope: Construct, props: TaskRolesProps): readonly Permission[] {
  const { names, secretsKeyArn, databaseKeyArn, ownerSecretArn } = props;
  const parameter = (family: 'secret' | 'service', name: string) =>
    arn(scope, 'ssm', `parameter${names.parameter(family, name)}`);
  return [
    {
      actions: ['ssm:GetParameters'],
      resources: [parameter('secret', 'database-password'), parameter('service', 'owner-database-url')],
    },
    { actions: ['secretsmanager:GetSecretValue'], resources: [ownerSecretArn] },
    decryptParameters(scope, secretsKeyArn),
    {
      actions: ['kms:Decrypt'],
      resources: [databaseKeyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(scope).region}.amazonaws.com` },
      },
    },
  ];
}

function decryptParameters(scope: Construct, keyArn: string): Permission {
  return {
    actions: ['kms:Decrypt'],
    resources: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `ssm.${Stack.of(scope).region}.amazonaws.com` } },
  };
}
