import { Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { arn } from '../kit/arn.ts';
import type { Permission } from '../kit/roles.ts';
import { namesOf, pipelineRoles, repositoryName } from '../names.ts';
import type { StageConfig } from '../stages.ts';
import { project, type Workshop, worker } from './projects.ts';
import { type StepName, scriptOf } from './scripts.ts';

interface StepsProps {
  readonly workshop: Workshop;
  readonly stages: readonly StageConfig[];
  /** Number of each stage's account, by its name. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** Names of the projects the pipeline starts. */
export type Steps = Readonly<Record<StepName, string>>;

/** The build steps. Each has the rights of its work; the one that runs the repository's code has none beside. */
export function makeSteps(scope: Construct, { workshop, stages, accounts }: StepsProps): Steps {
  const tester = worker(scope, 'TestRole', {
    workshop,
    name: 'tma-pipeline-test',
    description: 'Runs the code of a commit, and may do nothing else',
    projects: ['test', 'synth'],
  });
  const builder = worker(scope, 'ImageRole', {
    workshop,
    name: 'tma-pipeline-image',
    description: 'Builds images and pushes them to one repository',
    projects: ['image'],
    may: pushing(scope),
  });
  const releaser = worker(scope, 'ReleaseRole', {
    workshop,
    name: pipelineRoles.release,
    description: 'Takes the release role of a stage',
    projects: ['migrate', 'smoke'],
    may: [takeReleaseRoles(scope, stages, accounts)],
  });
  const test = project(scope, 'Test', {
    workshop,
    name: 'test',
    role: tester,
    description: 'Everything npm test checks',
    script: scriptOf('test'),
    minutes: 120,
    size: 'BUILD_GENERAL1_LARGE',
  });
  const synth = project(scope, 'Synth', {
    workshop,
    name: 'synth',
    role: tester,
    description: 'Templates and code say the same',
    script: scriptOf('synth'),
    gives: { folder: 'infra/templates', files: ['**/*'] },
    minutes: 20,
  });
  const image = project(scope, 'Image', {
    workshop,
    name: 'image',
    role: builder,
    description: 'The image of a commit, by digest, and what is in it',
    script: scriptOf('image'),
    gives: { folder: 'out', files: ['image.json', 'bill-of-materials.cdx.json', 'NOTICES.txt'] },
    environment: { REPOSITORY: repositoryHost(scope), ...baseImages(scope) },
    minutes: 30,
    // This step alone, which may do nothing but push to one repository.
    runsContainers: true,
  });
  const migrate = project(scope, 'Migrate', {
    workshop,
    name: 'migrate',
    role: releaser,
    description: 'Migrates the database of a stage',
    script: scriptOf('migrate'),
    gives: { folder: 'out', files: ['release.json'] },
    minutes: 60,
  });
  const smoke = project(scope, 'Smoke', {
    workshop,
    name: 'smoke',
    role: releaser,
    description: 'Asks a deployed stage from outside',
    script: scriptOf('smoke'),
    minutes: 10,
  });
  return {
    test: test.name ?? '',
    synth: synth.name ?? '',
    image: image.name ?? '',
    migrate: migrate.name ?? '',
    smoke: smoke.name ?? '',
  };
}

function repositoryHost(scope: Construct): string {
  return `${Aws.ACCOUNT_ID}.dkr.ecr.${Stack.of(scope).region}.${Aws.URL_SUFFIX}/${repositoryName}`;
}

/** The images ours is made of, by digest: the operator gives them, so a new one is somebody's decision. */
function baseImages(scope: Construct): Readonly<Record<'BASE' | 'BUILD', string>> {
  const byDigest = '.+@sha256:[0-9a-f]{64}';
  const asked = (id: string, description: string) =>
    new CfnParameter(scope, id, { description, allowedPattern: byDigest }).valueAsString;
  return {
    BASE: asked(
      'BaseImage',
      'Image with Node 24 and as little else as possible, by digest (gcr.io/distroless/nodejs24-debian12)',
    ),
    BUILD: asked(
      'BuildImage',
      'Image with Node 24 and npm, by digest (public.ecr.aws/docker/library/node:24-slim)',
    ),
  };
}

function pushing(scope: Construct): readonly Permission[] {
  return [
    {
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      because: 'A login to ECR belongs to no repository; AWS accepts nothing narrower.',
    },
    {
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:DescribeImages',
        'ecr:DescribeImageScanFindings',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      resources: [arn(scope, 'ecr', `repository/${repositoryName}`)],
    },
  ];
}

function takeReleaseRoles(
  scope: Construct,
  stages: readonly StageConfig[],
  accounts: Readonly<Record<string, string>>,
): Permission {
  const { partition } = Stack.of(scope);
  return {
    actions: ['sts:AssumeRole'],
    resources: stages.map(
      (stage) => `arn:${partition}:iam::${accounts[stage.name]}:role/${namesOf(stage).releaseRole}`,
    ),
  };
}
