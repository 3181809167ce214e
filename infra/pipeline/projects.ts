import { BuildSpec, CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { type CfnRole, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { arn, bucketArn } from '../kit/arn.ts';
import { logGroup } from '../kit/logs.ts';
import { forThisAccount, type Permission, role } from '../kit/roles.ts';

/** What all steps share: where artifacts are and what encrypts them. */
export interface Workshop {
  readonly bucketName: string;
  readonly keyArn: string;
}

interface ProjectProps {
  readonly workshop: Workshop;
  readonly name: string;
  readonly description: string;
  readonly script: string;
  readonly role: CfnRole;
  readonly minutes: number;
  /** What of the working folder goes on; left out where nothing does. */
  readonly gives?: { readonly folder: string; readonly files: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly size?: 'BUILD_GENERAL1_SMALL' | 'BUILD_GENERAL1_LARGE';
  /** Whether the step is let near the machine it runs on, as Docker needs. */
  readonly runsContainers?: boolean;
}

/** Image of the build steps: kept by CodeBuild, with Node, Docker and the AWS command line. */
const buildImage = 'aws/codebuild/standard:7.0';
const logOf = (name: string) => `/tma/pipeline/${name}`;

export function project(scope: Construct, id: string, props: ProjectProps): CfnProject {
  const { workshop, name, environment = {}, runsContainers = false } = props;
  const log = logGroup(scope, `${id}Log`, { name: logOf(name), keyArn: workshop.keyArn, days: 365 });
  return new CfnProject(scope, id, {
    name: `tma-${name}`,
    description: props.description,
    serviceRole: props.role.attrArn,
    encryptionKey: workshop.keyArn,
    artifacts: { type: 'CODEPIPELINE' },
    source: { type: 'CODEPIPELINE', buildSpec: specification(props) },
    environment: {
      type: 'LINUX_CONTAINER',
      computeType: props.size ?? 'BUILD_GENERAL1_SMALL',
      image: buildImage,
      privilegedMode: runsContainers,
      environmentVariables: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
    },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: log.ref } },
    timeoutInMinutes: props.minutes,
    queuedTimeoutInMinutes: 60,
  });
}

function specification({ script, gives }: ProjectProps): string {
  return BuildSpec.fromObjectToYaml({
    version: '0.2',
    env: { shell: 'bash' },
    phases: {
      install: { 'runtime-versions': { nodejs: 22 } },
      build: { commands: [script] },
    },
    ...(gives === undefined ? {} : { artifacts: { 'base-directory': gives.folder, files: gives.files } }),
  }).toBuildSpec();
}

interface WorkerProps {
  readonly workshop: Workshop;
  readonly name: string;
  readonly description: string;
  /** Names of the projects that run as it. */
  readonly projects: readonly string[];
  /** Beside logs and artifacts. */
  readonly may?: readonly Permission[];
}

/** Who a step is: it writes its log, reads and leaves artifacts, and what else it needs. */
export function worker(scope: Construct, id: string, props: WorkerProps): CfnRole {
  const { workshop, may = [] } = props;
  return role(scope, id, {
    name: props.name,
    description: props.description,
    trusts: new ServicePrincipal('codebuild.amazonaws.com'),
    when: forThisAccount,
    may: [
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: props.projects.map((name) => arn(scope, 'logs', `log-group:${logOf(name)}:log-stream:*`)),
        because: 'Every run has a log stream of its own.',
      },
      {
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
        resources: [bucketArn(scope, `${workshop.bucketName}/*`)],
        because: 'Artifacts of the pipeline have random names.',
      },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [workshop.keyArn] },
      ...may,
    ],
  });
}
