/**
 * What a task is told. Nothing is written into the task definition: every setting is a parameter that ECS reads when
 * it starts the task and hands over as an environment variable, so there is one place to look and one way to change.
 */
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { arn } from '../kit/arn.ts';
import type { OperatorParameter, SecretParameter } from '../kit/parameters.ts';
import { databaseName, databasePort, type Names, servicePort } from '../names.ts';
import type { StageConfig } from '../stages.ts';

interface SettingsProps {
  readonly stage: StageConfig;
  readonly names: Names;
  /** Host of the database. */
  readonly databaseHost: string;
  /** ARN of the owner's secret, which RDS keeps and rotates. */
  readonly ownerSecretArn: string;
  readonly evidenceKeyArn: string;
}

/** Environment variables by name, each the ARN of where ECS reads it. */
export type Environment = Readonly<Record<string, string>>;

export interface Environments {
  /** For the service and for administration. */
  readonly service: Environment;
  /** For the migration, which alone knows the schema's owner. */
  readonly migrate: Environment;
}

export function makeSettings(scope: Construct, props: SettingsProps): Environments {
  const { stage, names, databaseHost: host } = props;
  const database = `${host}:${databasePort}/${databaseName}?sslmode=verify-full`;
  const set = settingMaker(scope, names);
  const told = (name: OperatorParameter) => at(scope, names.parameter('operator', name));
  const secret = (name: SecretParameter) => at(scope, names.parameter('secret', name));
  const service = {
    TMA_HOST: set('host', '0.0.0.0'),
    TMA_PORT: set('port', String(servicePort)),
    TMA_TLS: set('tls', 'self-signed'),
    TMA_TRUSTED_PROXIES: set('trusted-proxies', '1'),
    TMA_LOG_LEVEL: set('log-level', 'info'),
    TMA_METRICS_NAMESPACE: set('metrics-namespace', names.metrics),
    TMA_POOL_SIZE: set('pool-size', String(stage.task.poolSize)),
    TMA_DATABASE_URL: set('database-url', `postgres://${database}`),
    TMA_DATABASE_PASSWORD: secret('database-password'),
    TMA_SIGNING_KEY: secret('signing-key'),
    TMA_EPOCH: told('epoch'),
    TMA_TENANT_KEY_ALIAS: set('tenant-key-alias', names.tenantKeyAlias),
    TMA_EVIDENCE_BUCKET: set('evidence-bucket', names.evidenceBucket),
    TMA_EVIDENCE_KEY: set('evidence-key', props.evidenceKeyArn),
    TMA_WITNESS_BUCKET: told('witness-bucket'),
    TMA_WITNESS_KEY: told('witness-key'),
  };
  const migrate = {
    TMA_OWNER_DATABASE_URL: set('owner-database-url', `postgres://${database}`),
    TMA_OWNER_USER: `${props.ownerSecretArn}:username::`,
    TMA_OWNER_PASSWORD: `${props.ownerSecretArn}:password::`,
    TMA_SERVICE_PASSWORD: secret('database-password'),
  };
  return { service, migrate };
}

/** Makes a plain parameter and gives its ARN. */
function settingMaker(scope: Construct, names: Names): (name: string, value: string) => string {
  return (name, value) => {
    const id = `Setting${name.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`;
    const full = names.parameter('service', name);
    new CfnParameter(scope, id, { name: full, type: 'String', value });
    return at(scope, full);
  };
}

const at = (scope: Construct, parameter: string) => arn(scope, 'ssm', `parameter${parameter}`);
