import type { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { CfnParameter as CfnSetting } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { KeysStack } from '../keys/stack.ts';
import { fromOperator } from '../kit/parameters.ts';
import { StageStack } from '../kit/stack.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { StageConfig } from '../stages.ts';
import { makeBackups } from './backup.ts';
import { makeDatabase } from './database.ts';

interface DataProps {
  readonly stage: StageConfig;
  readonly keys: KeysStack;
  readonly network: NetworkStack;
}

export class DataStack extends StageStack {
  readonly database: CfnDBInstance;

  constructor(scope: Construct, { stage, keys, network }: DataProps) {
    super(scope, 'data', { stage, description: 'PostgreSQL in two zones, and its backups' });
    const { names } = this;
    this.database = makeDatabase(this, {
      stage,
      names,
      subnetIds: network.subnets.of.data.map((subnet) => subnet.ref),
      securityGroupId: network.groups.database.attrGroupId,
      databaseKeyArn: keys.arns.database,
      logsKeyArn: keys.arns.logs,
      recoveryKeyArn: fromOperator(this, names, 'recovery-key'),
      epoch: fromOperator(this, names, 'epoch'),
    });
    // A parameter and not an export: a restore brings a new secret, and an export in use could not change.
    new CfnSetting(this, 'OwnerSecret', {
      name: names.parameter('service', 'owner-secret'),
      description: 'Where RDS keeps the password of the owner of the schema',
      type: 'String',
      value: this.database.attrMasterUserSecretSecretArn,
    });
    makeBackups(this, {
      stage,
      names,
      backupKeyArn: keys.arns.backup,
      databaseArn: this.database.attrDbInstanceArn,
    });
  }
}
