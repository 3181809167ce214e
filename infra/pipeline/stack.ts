import { Aws, CfnCondition, CfnOutput, CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnConnection } from 'aws-cdk-lib/aws-codeconnections';
import { CfnPipeline } from 'aws-cdk-lib/aws-codepipeline';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { arn, bucketArn, globalArnIn } from '../kit/arn.ts';
import { eventAlert } from '../kit/events.ts';
import { forThisAccount, role } from '../kit/roles.ts';
import { PlainStack } from '../kit/stack.ts';
import { namesOf, pipelineRoles } from '../names.ts';
import type { StageConfig } from '../stages.ts';
import { approvalStage, checkStage, deployStage, imageStage, sourceStage } from './actions.ts';
import { accountsOf, type WorkshopStack } from './workshop.ts';

interface PipelineProps {
  readonly region: string;
  readonly stages: readonly StageConfig[];
  readonly tools: WorkshopStack;
}

/** From a commit in GitLab to production: one pipeline for all stages, best in an account of its own. */
export class PipelineStack extends PlainStack {
  readonly #stages: readonly StageConfig[];
  readonly #tools: WorkshopStack;
  readonly #accounts: Readonly<Record<string, string>>;

  constructor(scope: Construct, { region, stages, tools }: PipelineProps) {
    super(scope, 'pipeline', {
      stackName: 'tma-pipeline',
      description: 'TMA: from a commit to production',
      region,
      tags: { 'tma:concern': 'pipeline' },
    });
    this.#stages = stages;
    this.#tools = tools;
    this.#accounts = accountsOf(this, stages);
    const connection = this.#gitlab();
    const pipeline = this.#pipeline(connection.attrConnectionArn);
    eventAlert(this, 'PipelineFailed', {
      name: 'tma-pipeline-failed',
      what: 'A release did not get through the pipeline.',
      anchor: 'pipeline-failed',
      topicArn: tools.topicArn,
      pattern: {
        source: ['aws.codepipeline'],
        'detail-type': ['CodePipeline Pipeline Execution State Change'],
        resources: [arn(this, 'codepipeline', pipeline.name ?? '')],
        detail: { state: ['FAILED'] },
      },
    });
    new CfnOutput(this, 'Connection', {
      value: connection.attrConnectionArn,
      description: 'Has to be confirmed once in the console before it works',
    });
  }

  /** gitlab.com, or the organisation's own GitLab, which has to be made known as a host first. */
  #gitlab(): CfnConnection {
    const host = new CfnParameter(this, 'GitLabHost', {
      default: '',
      description: 'ARN of the host of your own GitLab; empty for gitlab.com',
    }).valueAsString;
    const isOwn = new CfnCondition(this, 'OwnGitLab', {
      expression: Fn.conditionNot(Fn.conditionEquals(host, '')),
    });
    acknowledge(this, {
      'CloudFormation-Validate::W1030':
        'The empty default of GitLabHost never reaches the connection: the condition leaves the property out.',
    });
    const ifOwn = (own: string, other: string) => Fn.conditionIf(isOwn.logicalId, own, other).toString();
    return new CfnConnection(this, 'GitLab', {
      connectionName: 'tma-gitlab',
      providerType: ifOwn('GitLabSelfManaged', 'GitLab'),
      hostArn: ifOwn(host, Aws.NO_VALUE),
    });
  }

  #pipeline(connectionArn: string): CfnPipeline {
    const { workshop, steps, topicArn } = this.#tools;
    const repository = new CfnParameter(this, 'Repository', { description: 'group/project in GitLab' })
      .valueAsString;
    const branch = new CfnParameter(this, 'Branch', { default: 'main', description: 'What is released' })
      .valueAsString;
    const deploying = this.#stages.flatMap((stage) => [
      ...(stage.name === 'production' ? [approvalStage(topicArn)] : []),
      deployStage({ stage, accountId: this.#accounts[stage.name] ?? '', projects: steps }),
    ]);
    return new CfnPipeline(this, 'Pipeline', {
      name: 'tma',
      pipelineType: 'V2',
      executionMode: 'QUEUED',
      restartExecutionOnUpdate: false,
      roleArn: this.#conductor(connectionArn),
      artifactStore: {
        type: 'S3',
        location: workshop.bucketName,
        encryptionKey: { id: workshop.keyArn, type: 'KMS' },
      },
      triggers: [
        {
          providerType: 'CodeStarSourceConnection',
          gitConfiguration: { sourceActionName: 'gitlab', push: [{ branches: { includes: [branch] } }] },
        },
      ],
      stages: [
        sourceStage({ connectionArn, repository, branch }),
        checkStage(steps),
        imageStage(steps.image),
        ...deploying,
      ],
    });
  }

  /** The pipeline itself: it fetches, starts steps, asks people, and takes the deploy roles; it makes nothing. */
  #conductor(connectionArn: string): string {
    const { workshop, steps, topicArn } = this.#tools;
    return role(this, 'PipelineRole', {
      name: pipelineRoles.pipeline,
      description: 'Conducts releases',
      trusts: new ServicePrincipal('codepipeline.amazonaws.com'),
      when: forThisAccount,
      may: [
        {
          actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
          resources: [connectionArn],
        },
        {
          actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'],
          resources: Object.values(steps).map((name) => arn(this, 'codebuild', `project/${name}`)),
        },
        { actions: ['sns:Publish'], resources: [topicArn] },
        {
          actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
          resources: [bucketArn(this, `${workshop.bucketName}/*`)],
          because: 'Artifacts of the pipeline have random names.',
        },
        {
          actions: ['s3:GetBucketVersioning', 's3:GetBucketAcl'],
          resources: [bucketArn(this, workshop.bucketName)],
        },
        { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [workshop.keyArn] },
        {
          actions: ['sts:AssumeRole'],
          resources: this.#stages.map((stage) =>
            globalArnIn(this, this.#accounts[stage.name] ?? '', `role/${namesOf(stage).deployRole}`),
          ),
        },
      ],
    }).attrArn;
  }
}
