/**
 * Everything that differs between the stages, in one place. A stage is a whole system of its own, best in an AWS
 * account of its own; a tenant is not: any number of tenants share one stage.
 *
 * What belongs to an account (its number, domain names, addresses) is not here: it is read from SSM Parameter
 * Store when a stack is deployed, see `kit/parameters.ts`.
 */

export interface StageConfig {
  readonly name: 'staging' | 'production';
  /** Where everything runs and all data stays. */
  readonly region: string;
  /** Three, by name: what an account-independent synthesis cannot look up. */
  readonly availabilityZones: readonly [string, string, string];
  /** Where copies for the loss of the whole region go; in the same jurisdiction. */
  readonly recoveryRegion: string;
  readonly vpcCidr: string;
  /** One for each zone, or a single one where an outage of the outgoing side may be waited out. */
  readonly natGateways: 1 | 3;
  readonly task: TaskConfig;
  readonly database: DatabaseConfig;
  /** How long logs are kept. CloudWatch takes only some numbers. */
  readonly logDays: 90 | 365;
  /** `compliance`: after the grace time nobody can shorten or delete backups, not even the account's owner. */
  readonly backupLock: 'governance' | 'compliance';
  /** How long the witness of the case logs cannot be deleted or changed. */
  readonly witnessYears: 1 | 10;
}

interface TaskConfig {
  /** 1024 are one virtual CPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly desired: 2;
  readonly most: number;
  /** Database connections of one task; its listener for notifications is one more. */
  readonly poolSize: number;
}

interface DatabaseConfig {
  readonly instanceClass: string;
  /** RDS for PostgreSQL: memory of the class in bytes / 9 531 392, of which the class really gives about 95 %. */
  readonly maxConnections: number;
  readonly storageGiB: number;
  /** Storage grows by itself up to this. */
  readonly maxStorageGiB: number;
}

const frankfurt = {
  region: 'eu-central-1',
  availabilityZones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
  recoveryRegion: 'eu-west-1',
} as const;

/** Staging has the shape of production, so that a release is rehearsed on what it will meet; only smaller. */
const staging: StageConfig = {
  ...frankfurt,
  name: 'staging',
  vpcCidr: '10.20.0.0/16',
  natGateways: 1,
  task: { cpu: 512, memoryMiB: 1024, desired: 2, most: 4, poolSize: 10 },
  database: { instanceClass: 't4g.medium', maxConnections: 425, storageGiB: 50, maxStorageGiB: 200 },
  logDays: 90,
  backupLock: 'governance',
  witnessYears: 1,
};

const production: StageConfig = {
  ...frankfurt,
  name: 'production',
  vpcCidr: '10.30.0.0/16',
  natGateways: 3,
  task: { cpu: 1024, memoryMiB: 2048, desired: 2, most: 10, poolSize: 20 },
  database: { instanceClass: 'm7g.large', maxConnections: 850, storageGiB: 200, maxStorageGiB: 2_000 },
  logDays: 365,
  backupLock: 'compliance',
  witnessYears: 10,
};

export const stages: readonly StageConfig[] = [staging, production];
