import { CfnDeletionPolicy } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDBInstance, CfnDBParameterGroup, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { arn } from '../kit/arn.ts';
import { logGroup } from '../kit/logs.ts';
import { forThisAccount, role } from '../kit/roles.ts';
import { databaseName, databasePort, type Names } from '../names.ts';
import type { StageConfig } from '../stages.ts';

interface DatabaseProps {
  readonly stage: StageConfig;
  readonly names: Names;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly databaseKeyArn: string;
  readonly logsKeyArn: string;
  /** Of the key in the recovery region. */
  readonly recoveryKeyArn: string;
  /** Changes with every restore; as a tag it makes CloudFormation look at the restored instance anew. */
  readonly epoch: string;
}

/** The version everything is tested on; RDS takes the newest patch of it by itself. */
export const postgresMajor = '18';

/**
 * Settings of PostgreSQL. Connections without TLS are refused. The log shows who connected, changes of schema and
 * rights, and slow statements, but no parameter and no detail of an error, because both quote what a case says. E15
 */
export const postgresSettings: Readonly<Record<string, string>> = {
  'rds.force_ssl': '1',
  ssl_min_protocol_version: 'TLSv1.2',
  password_encryption: 'scram-sha-256',
  'rds.accepted_password_auth_method': 'scram',
  shared_preload_libraries: 'pg_stat_statements,pgaudit',
  'pgaudit.log': 'ddl,role',
  log_connections: '1',
  log_disconnections: '1',
  log_statement: 'none',
  log_min_duration_statement: '1000',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
  log_lock_waits: '1',
  idle_in_transaction_session_timeout: '30000',
};

export function makeDatabase(scope: Construct, props: DatabaseProps): CfnDBInstance {
  const { stage, names } = props;
  const logs = ['postgresql', 'upgrade'];
  const settings = new CfnDBParameterGroup(scope, 'Settings', {
    family: `postgres${postgresMajor}`,
    description: `TMA ${stage.name}: TLS only, nothing about cases in the log`,
    parameters: postgresSettings,
  });
  const subnets = new CfnDBSubnetGroup(scope, 'Subnets', {
    dbSubnetGroupDescription: `TMA ${stage.name}: three zones without a way out`,
    subnetIds: props.subnetIds,
  });
  const made = new CfnDBInstance(scope, 'Database', {
    dbInstanceIdentifier: names.database,
    dbName: databaseName,
    engine: 'postgres',
    engineVersion: postgresMajor,
    autoMinorVersionUpgrade: true,
    dbInstanceClass: `db.${stage.database.instanceClass}`,
    multiAz: true,
    publiclyAccessible: false,
    port: String(databasePort),
    dbSubnetGroupName: subnets.ref,
    vpcSecurityGroups: [props.securityGroupId],
    dbParameterGroupName: settings.ref,
    caCertificateIdentifier: 'rds-ca-rsa2048-g1',
    ...storage(stage, props.databaseKeyArn),
    ...backups(stage, props.recoveryKeyArn),
    // The owner's password is made, kept and rotated by RDS; people sign in with their AWS identity.
    masterUsername: 'tma_owner',
    manageMasterUserPassword: true,
    masterUserSecret: { kmsKeyId: props.databaseKeyArn },
    enableIamDatabaseAuthentication: true,
    enableCloudwatchLogsExports: logs,
    enablePerformanceInsights: true,
    performanceInsightsKmsKeyId: props.databaseKeyArn,
    performanceInsightsRetentionPeriod: 7,
    monitoringInterval: 15,
    monitoringRoleArn: monitoringRole(scope, names),
    tags: [{ key: 'tma:epoch', value: props.epoch }],
  });
  made.cfnOptions.deletionPolicy = CfnDeletionPolicy.SNAPSHOT;
  made.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.SNAPSHOT;
  for (const log of logs) {
    // Made before the database, which would otherwise make them unencrypted and for ever.
    const group = logGroup(scope, `${log.charAt(0).toUpperCase()}${log.slice(1)}Log`, {
      name: `/aws/rds/instance/${names.database}/${log}`,
      keyArn: props.logsKeyArn,
      days: stage.logDays,
    });
    made.addResourceDependency(group);
  }
  return made;
}

function storage({ database }: StageConfig, keyArn: string) {
  return {
    storageType: 'gp3',
    allocatedStorage: String(database.storageGiB),
    maxAllocatedStorage: database.maxStorageGiB,
    storageEncrypted: true,
    kmsKeyId: keyArn,
  };
}

/** Any second of the last 35 days, here and, some minutes behind, in the recovery region. */
function backups({ recoveryRegion }: StageConfig, recoveryKeyArn: string) {
  return {
    deletionProtection: true,
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    backupRetentionPeriod: 35,
    preferredBackupWindow: '00:30-01:30',
    preferredMaintenanceWindow: 'sun:02:00-sun:03:00',
    automaticBackupReplicationRegion: recoveryRegion,
    automaticBackupReplicationKmsKeyId: recoveryKeyArn,
    automaticBackupReplicationRetentionPeriod: 35,
  };
}

function monitoringRole(scope: Construct, names: Names): string {
  const group = arn(scope, 'logs', 'log-group:RDSOSMetrics');
  return role(scope, 'MonitoringRole', {
    name: `${names.prefix}-database-monitoring`,
    description: 'Writes figures of the operating system of the database',
    trusts: new ServicePrincipal('monitoring.rds.amazonaws.com'),
    when: forThisAccount,
    may: [
      {
        actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
        resources: [group],
      },
      {
        actions: [
          'logs:CreateLogStream',
          'logs:PutLogEvents',
          'logs:DescribeLogStreams',
          'logs:GetLogEvents',
        ],
        resources: [`${group}:log-stream:*`],
        because:
          'RDS names the streams by the resource id of the instance, which is known only once it exists.',
      },
    ],
  }).attrArn;
}
