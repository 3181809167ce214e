/**
 * The stages of the pipeline and their actions.
 *
 *     source → check (test ‖ synth) → image → staging → approval → production
 *
 * and in each of the two: stacks → migrate → service → monitoring → smoke test. A contract migration, which removes
 * what only an older version needed, is simply part of a later release: its migrate step runs while the version
 * before it serves, which does not use what goes any more.
 */
import type { CfnPipeline } from 'aws-cdk-lib/aws-codepipeline';
import { namesOf } from '../names.ts';
import type { StageConfig } from '../stages.ts';

type Action = CfnPipeline.ActionDeclarationProperty;
type Stage = CfnPipeline.StageDeclarationProperty;

/** Stacks the pipeline deploys, by what must be there before. The others are deployed by a person. */
export const stackOrder = {
  before: [['alerts', 'network', 'storage'], ['data', 'edge'], ['jobs']],
  after: [['service'], ['monitoring']],
} as const;

interface SourceProps {
  readonly connectionArn: string;
  readonly repository: string;
  readonly branch: string;
}

export function sourceStage({ connectionArn, repository, branch }: SourceProps): Stage {
  return {
    name: 'source',
    actions: [
      {
        name: 'gitlab',
        actionTypeId: type('Source', 'CodeStarSourceConnection'),
        configuration: {
          ConnectionArn: connectionArn,
          FullRepositoryId: repository,
          BranchName: branch,
          OutputArtifactFormat: 'CODE_ZIP',
          DetectChanges: 'false',
        },
        namespace: 'Source',
        outputArtifacts: [{ name: 'Source' }],
      },
    ],
  };
}

export function checkStage(projects: { test: string; synth: string }): Stage {
  return {
    name: 'check',
    actions: [
      build({ name: 'test', project: projects.test, inputs: ['Source'] }),
      build({ name: 'synth', project: projects.synth, inputs: ['Source'], output: 'Templates' }),
    ],
  };
}

export function imageStage(project: string): Stage {
  const environment = { COMMIT: '#{Source.CommitId}' };
  return {
    name: 'image',
    actions: [build({ name: 'image', project, inputs: ['Source'], output: 'Image', environment })],
  };
}

/** A person looks at staging and at what would change, and answers. */
export function approvalStage(topicArn: string): Stage {
  return {
    name: 'approval',
    actions: [
      {
        name: 'approve',
        actionTypeId: type('Approval', 'Manual'),
        configuration: {
          NotificationArn: topicArn,
          CustomData:
            'Staging runs commit #{Source.CommitId}: "#{Source.CommitMessage}". Look at it and at the changed templates, then approve for production.',
        },
      },
    ],
  };
}

interface DeployProps {
  readonly stage: StageConfig;
  readonly accountId: string;
  readonly projects: { readonly migrate: string; readonly smoke: string };
}

export function deployStage({ stage, accountId, projects }: DeployProps): Stage {
  const environment = { STAGE: stage.name, ACCOUNT: accountId };
  const release = releaseOf(stage);
  const { before, after } = stackOrder;
  const numbered = (groups: readonly (readonly string[])[], from: number) =>
    groups.flatMap((group, index) =>
      group.map((stack) => deploy({ stage, accountId, stack, runOrder: from + index })),
    );
  const steps = before.length;
  return {
    name: stage.name,
    actions: [
      ...numbered(before, 1),
      build({
        name: 'migrate',
        project: projects.migrate,
        inputs: ['Source'],
        output: release,
        environment,
        runOrder: steps + 1,
      }),
      ...numbered(after, steps + 2),
      build({
        name: 'smoke',
        project: projects.smoke,
        inputs: ['Source'],
        environment,
        runOrder: steps + 2 + after.length,
      }),
    ],
  };
}

/** The artifact a stage's migration gives: the number of tasks the service has now. */
const releaseOf = (stage: StageConfig) =>
  `Release${stage.name.charAt(0).toUpperCase()}${stage.name.slice(1)}`;

/** What a stack asks the pipeline for when it is deployed. */
const inputs: Readonly<Record<string, readonly ('image' | 'desired')[]>> = {
  jobs: ['image'],
  service: ['image', 'desired'],
};

interface StackAction {
  readonly stage: StageConfig;
  readonly accountId: string;
  readonly stack: string;
  readonly runOrder: number;
}

function deploy({ stage, accountId, stack, runOrder }: StackAction): Action {
  const names = namesOf(stage);
  const wanted = inputs[stack] ?? [];
  const release = releaseOf(stage);
  const overrides = {
    ...(wanted.includes('image')
      ? { ImageUri: { 'Fn::GetParam': ['Image', 'image.json', 'ImageUri'] } }
      : {}),
    ...(wanted.includes('desired')
      ? { DesiredCount: { 'Fn::GetParam': [release, 'release.json', 'DesiredCount'] } }
      : {}),
  };
  const artifacts = [
    'Templates',
    ...(wanted.includes('image') ? ['Image'] : []),
    ...(wanted.includes('desired') ? [release] : []),
  ];
  return {
    name: stack,
    runOrder,
    actionTypeId: type('Deploy', 'CloudFormation'),
    roleArn: `arn:aws:iam::${accountId}:role/${names.deployRole}`,
    configuration: {
      ActionMode: 'CREATE_UPDATE',
      StackName: `${names.prefix}-${stack}`,
      TemplatePath: `Templates::${stage.name}/${stack}.json`,
      Capabilities: 'CAPABILITY_NAMED_IAM',
      RoleArn: `arn:aws:iam::${accountId}:role/${names.executionRole}`,
      ...(wanted.length === 0 ? {} : { ParameterOverrides: JSON.stringify(overrides) }),
    },
    inputArtifacts: artifacts.map((name) => ({ name })),
  };
}

interface BuildAction {
  readonly name: string;
  readonly project: string;
  readonly inputs: readonly string[];
  readonly output?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly runOrder?: number;
}

function build({
  name,
  project,
  inputs: given,
  output,
  environment = {},
  runOrder = 1,
}: BuildAction): Action {
  const variables = Object.entries(environment).map(([key, value]) => ({
    name: key,
    value,
    type: 'PLAINTEXT',
  }));
  return {
    name,
    runOrder,
    actionTypeId: type('Build', 'CodeBuild'),
    configuration: {
      ProjectName: project,
      ...(variables.length === 0 ? {} : { EnvironmentVariables: JSON.stringify(variables) }),
    },
    inputArtifacts: given.map((each) => ({ name: each })),
    ...(output === undefined ? {} : { outputArtifacts: [{ name: output }] }),
  };
}

function type(category: string, provider: string): CfnPipeline.ActionTypeIdProperty {
  return { category, provider, owner: 'AWS', version: '1' };
}
