import { CfnParameter } from 'aws-cdk-lib';
import { AccountPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { arn, globalArn } from '../kit/arn.ts';
import { forThisAccount, type Permission, policy, role } from '../kit/roles.ts';
import { StageStack } from '../kit/stack.ts';
import { pipelineRoles } from '../names.ts';
import type { StageConfig } from '../stages.ts';
import { boundary, building } from './building.ts';

/**
 * What the pipeline may do in a stage. A person deploys this stack, and the keys: the pipeline can change neither its
 * own rights nor what data is encrypted with.
 *
 *     deploy          taken by the pipeline: changes stacks of this stage, as…
 *     cloudformation  taken by CloudFormation: makes what the stacks say, inside a boundary
 *     release         taken by the pipeline's release step: runs the migration and looks how it went
 */
export class AccessStack extends StageStack {
  constructor(scope: Construct, stage: StageConfig) {
    super(scope, 'access', { stage, description: 'what the pipeline may do here' });
    const { names } = this;
    const pipelineAccount = new CfnParameter(this, 'PipelineAccount', {
      description: 'Number of the account the pipeline runs in; it may be this one',
      allowedPattern: '\\d{12}',
    }).valueAsString;
    const limit = policy(this, 'Boundary', {
      name: names.boundary,
      description: 'The most that any role of the stacks may do',
      ...boundary,
    });
    role(this, 'ExecutionRole', {
      name: names.executionRole,
      description: 'What CloudFormation may make and change',
      trusts: new ServicePrincipal('cloudformation.amazonaws.com'),
      when: forThisAccount,
      may: building(this, { stage, names, boundaryArn: limit.ref }),
    });
    const from = (name: string) => ({
      trusts: new AccountPrincipal(pipelineAccount),
      when: {
        ArnEquals: { 'aws:PrincipalArn': `arn:${this.partition}:iam::${pipelineAccount}:role/${name}` },
      },
    });
    role(this, 'DeployRole', {
      ...from(pipelineRoles.pipeline),
      name: names.deployRole,
      description: 'What the pipeline may do with the stacks',
      may: this.#deploying(pipelineAccount),
    });
    role(this, 'ReleaseRole', {
      ...from(pipelineRoles.release),
      name: names.releaseRole,
      description: 'Runs the migration and watches the service',
      may: this.#releasing(),
    });
  }

  #deploying(pipelineAccount: string): readonly Permission[] {
    const { names, stage, partition, region } = this;
    return [
      {
        actions: [
          'cloudformation:CreateStack',
          'cloudformation:UpdateStack',
          'cloudformation:DescribeStacks',
          'cloudformation:DescribeStackEvents',
          'cloudformation:GetTemplate',
        ],
        resources: [arn(this, 'cloudformation', `stack/${names.prefix}-*`)],
        because: `Every stack of ${stage.name}; deleting one is not among the actions.`,
      },
      {
        actions: ['iam:PassRole'],
        resources: [globalArn(this, 'iam', `role/${names.executionRole}`)],
        conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      },
      {
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
        resources: [`arn:${partition}:s3:::tma-pipeline-artifacts-${pipelineAccount}/*`],
        because: 'Artifacts of the pipeline have random names.',
      },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [`arn:${partition}:kms:${region}:${pipelineAccount}:key/*`],
        conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/tma/pipeline' } },
        because: 'The key of another account is known by its alias; that limits this to it.',
      },
    ];
  }

  #releasing(): readonly Permission[] {
    const { names } = this;
    const cluster = { ArnEquals: { 'ecs:cluster': arn(this, 'ecs', `cluster/${names.cluster}`) } };
    return [
      {
        actions: ['ecs:RunTask'],
        resources: [arn(this, 'ecs', `task-definition/${names.prefix}-migrate:*`)],
        conditions: cluster,
        because: 'Every revision of the migration, and nothing but the migration.',
      },
      {
        actions: ['ecs:DescribeTasks'],
        resources: [arn(this, 'ecs', `task/${names.cluster}/*`)],
        conditions: cluster,
        because: 'Tasks have random names.',
      },
      {
        actions: ['ecs:DescribeServices'],
        resources: [arn(this, 'ecs', `service/${names.cluster}/${names.service}`)],
      },
      {
        actions: ['iam:PassRole'],
        resources: [`${names.prefix}-migrate`, `${names.prefix}-starts-migration`].map((name) =>
          globalArn(this, 'iam', `role/${name}`),
        ),
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
      {
        actions: ['ssm:GetParameter'],
        resources: [
          names.parameter('service', 'task-network'),
          names.parameter('operator', 'domain-name'),
          names.parameter('operator', 'reporting-domain-name'),
        ].map((name) => arn(this, 'ssm', `parameter${name}`)),
      },
      {
        actions: ['logs:GetLogEvents'],
        resources: [arn(this, 'logs', `log-group:${names.logGroup('migrate')}:log-stream:*`)],
        because: 'Every migration has a log stream of its own.',
      },
    ];
  }
}
