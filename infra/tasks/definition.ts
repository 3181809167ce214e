import { Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { servicePort } from '../names.ts';
import type { Environment } from './settings.ts';

/** From the signal to stop until ECS ends the process by force; `server/timing.ts` fits its draining into it. */
export const stopTimeoutSeconds = 90;

/** Who the process is in the image: nobody, with no shell and no home. */
const user = '65532:65532';

interface DefinitionProps {
  readonly family: string;
  readonly image: string;
  /** Left out: the image's own, which is the service. */
  readonly command?: string[];
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly environment: Environment;
  readonly taskRole: CfnRole | string;
  readonly executionRole: CfnRole | string;
  readonly logGroup: string;
  /** Whether it listens and is asked for its health. */
  readonly serves: boolean;
}

/** One container on Fargate: read-only, nobody's user, no new rights, its settings read at its start. */
export function taskDefinition(scope: Construct, id: string, props: DefinitionProps): CfnTaskDefinition {
  const { serves, environment, command } = props;
  return new CfnTaskDefinition(scope, id, {
    family: props.family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    cpu: String(props.cpu),
    memory: String(props.memoryMiB),
    taskRoleArn: arnOf(props.taskRole),
    executionRoleArn: arnOf(props.executionRole),
    containerDefinitions: [
      {
        name: 'service',
        image: props.image,
        essential: true,
        user,
        readonlyRootFilesystem: true,
        privileged: false,
        linuxParameters: { capabilities: { drop: ['ALL'] } },
        stopTimeout: stopTimeoutSeconds,
        secrets: Object.entries(environment).map(([name, valueFrom]) => ({ name, valueFrom })),
        ...(command === undefined ? {} : { command }),
        ...(serves ? { portMappings: [{ containerPort: servicePort, protocol: 'tcp' }], healthCheck } : {}),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': props.logGroup,
            'awslogs-region': Stack.of(scope).region,
            'awslogs-stream-prefix': 'task',
            // A log that cannot be delivered must not stop the service; 25 MiB wait in memory.
            mode: 'non-blocking',
            'max-buffer-size': '25m',
          },
        },
      },
    ],
  });
}

const arnOf = (role: CfnRole | string) => (typeof role === 'string' ? role : role.attrArn);

/** Asks the process itself, over its own certificate, which nobody vouches for inside the task. */
const probe = `require('node:https').get({host:'127.0.0.1',port:${servicePort},path:'/healthz',rejectUnauthorized:false},(r)=>process.exit(r.statusCode===200?0:1)).on('error',()=>process.exit(1))`;

const healthCheck = {
  command: ['CMD', 'node', '-e', probe],
  interval: 10,
  timeout: 5,
  retries: 3,
  startPeriod: 30,
};
