import { CfnParameter as CfnInput } from 'aws-cdk-lib';
import { CfnCluster, CfnClusterCapacityProviderAssociations } from 'aws-cdk-lib/aws-ecs';
import { CfnParameter as CfnSetting } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { DataStack } from '../data/stack.ts';
import type { KeysStack } from '../keys/stack.ts';
import { logGroup } from '../kit/logs.ts';
import { fromOperator } from '../kit/parameters.ts';
import { StageStack } from '../kit/stack.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { StageConfig } from '../stages.ts';
import { dataProtection } from './dataProtection.ts';
import { taskDefinition } from './definition.ts';
import { makeTaskRoles, type TaskRoles } from './roles.ts';
import { type Environments, makeSettings } from './settings.ts';

interface JobsProps {
  readonly stage: StageConfig;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
  readonly data: DataStack;
}

/** The image a stack runs: by digest, so that what was tested is what runs. */
export function imageInput(scope: Construct): string {
  return new CfnInput(scope, 'ImageUri', {
    description: 'The image to run, by digest; the pipeline gives it',
    allowedPattern: '\\d{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9/_-]+@sha256:[0-9a-f]{64}',
  }).valueAsString;
}

/** Where tasks run, what they are told, what they may, and the two that run once: migration and administration. */
export class JobsStack extends StageStack {
  readonly roles: TaskRoles;
  readonly environments: Environments;

  constructor(scope: Construct, props: JobsProps) {
    const { stage, keys, network, data } = props;
    super(scope, 'jobs', { stage, description: 'where tasks run, their settings and rights, one-off tasks' });
    const { names } = this;
    const ownerSecretArn = new CfnInput(this, 'OwnerSecret', {
      type: 'AWS::SSM::Parameter::Value<String>',
      default: names.parameter('service', 'owner-secret'),
      description: 'Where RDS keeps the password of the owner of the schema',
    }).valueAsString;
    this.#cluster(keys.arns.ephemeral);
    this.#logGroups(keys.arns.logs);
    this.environments = makeSettings(this, {
      stage,
      names,
      databaseHost: data.database.attrEndpointAddress,
      ownerSecretArn,
      evidenceKeyArn: keys.arns.evidence,
    });
    this.roles = makeTaskRoles(this, {
      stage,
      names,
      secretsKeyArn: keys.arns.secrets,
      databaseKeyArn: keys.arns.database,
      evidenceKeyArn: keys.arns.evidence,
      ownerSecretArn,
      pipelineAccount: fromOperator(this, names, 'pipeline-account'),
      witness: {
        bucket: fromOperator(this, names, 'witness-bucket'),
        keyArn: fromOperator(this, names, 'witness-key'),
      },
    });
    this.#tasks(network);
  }

  #cluster(ephemeralKeyArn: string): void {
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: this.names.cluster,
      clusterSettings: [{ name: 'containerInsights', value: 'enhanced' }],
      configuration: { managedStorageConfiguration: { fargateEphemeralStorageKmsKeyId: ephemeralKeyArn } },
    });
    new CfnClusterCapacityProviderAssociations(this, 'Capacity', {
      cluster: cluster.ref,
      capacityProviders: ['FARGATE'],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    });
  }

  #logGroups(keyArn: string): void {
    const { names, stage } = this;
    const shared = { keyArn, days: stage.logDays };
    logGroup(this, 'ServiceLogGroup', {
      ...shared,
      name: names.logGroup('service'),
      dataProtection: dataProtection(names.prefix),
    });
    logGroup(this, 'MigrateLogGroup', { ...shared, name: names.logGroup('migrate') });
    // An enrolment code is shown here once; it is good for three days, and so is this log.
    logGroup(this, 'AdminLogGroup', { keyArn, days: 3, name: names.logGroup('admin') });
    // ECS would make it unencrypted and for ever.
    logGroup(this, 'InsightsLogGroup', {
      ...shared,
      name: `/aws/ecs/containerinsights/${names.cluster}/performance`,
    });
  }

  #tasks(network: NetworkStack): void {
    const { names, roles, environments } = this;
    const image = imageInput(this);
    const small = { cpu: 256, memoryMiB: 512, serves: false, image };
    taskDefinition(this, 'Migrate', {
      ...small,
      family: `${names.prefix}-migrate`,
      command: ['/app/migrate.mjs'],
      environment: environments.migrate,
      taskRole: roles.migrate,
      executionRole: roles.startsMigration,
      logGroup: names.logGroup('migrate'),
    });
    taskDefinition(this, 'Admin', {
      ...small,
      family: `${names.prefix}-admin`,
      command: ['/app/admin.mjs', 'help'],
      environment: environments.service,
      taskRole: roles.admin,
      executionRole: roles.startsService,
      logGroup: names.logGroup('admin'),
    });
    const subnets = network.subnets.of.service.map((subnet) => subnet.ref);
    new CfnSetting(this, 'TaskNetwork', {
      name: names.parameter('service', 'task-network'),
      description: 'For aws ecs run-task --network-configuration',
      type: 'String',
      value: this.toJsonString({
        awsvpcConfiguration: {
          subnets,
          securityGroups: [network.groups.task.attrGroupId],
          assignPublicIp: 'DISABLED',
        },
      }),
    });
  }
}
