/**
 * Names that more than one stack knows. They are literal, so that stacks refer to each other without importing,
 * and so that a policy names one thing and not everything.
 */
import { Aws } from 'aws-cdk-lib';
import type { StageConfig } from './stages.ts';

/** What each customer key is for; there is one key for each purpose. */
export const purposes = ['database', 'evidence', 'logs', 'secrets', 'ephemeral', 'backup', 'alerts'] as const;
export type Purpose = (typeof purposes)[number];

/** Where the service listens inside the network, and where the database does. */
export const servicePort = 8443;
export const databasePort = 5433;
export const databaseName = 'tma';
/** Paths of the reporting portal; only its own entry serves them. */
export const portalPaths = ['/portal', '/portal/*'];

/** Roles of the pipeline's account that stages trust, by name. */
export const pipelineRoles = { pipeline: 'tma-pipeline', release: 'tma-pipeline-release' } as const;
export const repositoryName = 'tma/service';

export interface Names {
  /** `tma-staging`: begins the name of everything that has one. */
  readonly prefix: string;
  readonly cluster: string;
  readonly service: string;
  readonly database: string;
  readonly topic: string;
  readonly evidenceBucket: string;
  readonly evidenceReplica: string;
  readonly accessLogBucket: string;
  readonly witnessBucket: string;
  readonly backupVault: string;
  readonly recoveryVault: string;
  /** CloudWatch namespace of the service's own metrics. */
  readonly metrics: string;
  /** Alarms that stop and roll back a deployment; named before the service that refers to them is made. */
  readonly rollbackAlarms: readonly [string, string];
  keyAlias(purpose: Purpose | 'recovery' | 'witness'): string;
  /** Followed by the id of a tenant: the alias of its key. */
  readonly tenantKeyAlias: string;
  /** A parameter's full name. `secret` ones are made by the operator and encrypted. */
  parameter(family: 'operator' | 'secret' | 'service', name: string): string;
  logGroup(of: 'service' | 'migrate' | 'admin'): string;
  /** The roles that the pipeline takes in this stage. */
  readonly deployRole: string;
  readonly releaseRole: string;
  readonly executionRole: string;
  readonly boundary: string;
  /** What the service may do; other accounts' resource policies name it. */
  readonly taskRole: string;
}

export function namesOf(stage: Pick<StageConfig, 'name'>): Names {
  const prefix = `tma-${stage.name}`;
  const path = `tma/${stage.name}`;
  // Not below the prefix: CloudFormation may change the roles and policies there, and these are what limits it.
  const access = `tma-access-${stage.name}`;
  // Names of buckets are unique in the world, hence the account; its number is known to AWS alone.
  const bucket = (name: string) => `${prefix}-${name}-${Aws.ACCOUNT_ID}`;
  return {
    prefix,
    cluster: prefix,
    service: `${prefix}-service`,
    database: prefix,
    topic: `${prefix}-alerts`,
    evidenceBucket: bucket('evidence'),
    evidenceReplica: bucket('evidence-replica'),
    accessLogBucket: bucket('access-logs'),
    witnessBucket: bucket('witness'),
    backupVault: prefix,
    recoveryVault: `${prefix}-recovery`,
    metrics: `TMA/${stage.name}`,
    rollbackAlarms: [`${prefix}-rollback-errors`, `${prefix}-rollback-healthy-tasks`],
    keyAlias: (purpose) => `alias/${path}/${purpose}`,
    tenantKeyAlias: `alias/${path}/tenant/`,
    parameter: (family, name) => `/${path}/${family}/${name}`,
    logGroup: (of) => `/${path}/${of}`,
    deployRole: `${access}-deploy`,
    releaseRole: `${access}-release`,
    executionRole: `${access}-cloudformation`,
    boundary: `${access}-boundary`,
    taskRole: `${prefix}-task`,
  };
}
