import { Aws, Stack } from 'aws-cdk-lib';
import { CfnBackupPlan, CfnBackupSelection } from 'aws-cdk-lib/aws-backup';
import { CfnRole, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { forThisAccount } from '../kit/roles.ts';
import type { Names } from '../names.ts';
import type { StageConfig } from '../stages.ts';
import { backupDays, lockedVault } from './vault.ts';

interface BackupProps {
  readonly stage: StageConfig;
  readonly names: Names;
  readonly backupKeyArn: string;
  readonly databaseArn: string;
}

/** A snapshot every night in a locked vault, copied to a locked vault in the recovery region. */
export function makeBackups(scope: Construct, props: BackupProps): void {
  const { stage, names, backupKeyArn, databaseArn } = props;
  const { partition } = Stack.of(scope);
  const vault = lockedVault(scope, { stage, name: names.backupVault, keyArn: backupKeyArn });
  const plan = new CfnBackupPlan(scope, 'Plan', {
    backupPlan: {
      backupPlanName: names.prefix,
      backupPlanRule: [
        {
          ruleName: 'nightly',
          targetBackupVault: vault.ref,
          scheduleExpression: 'cron(0 3 * * ? *)',
          startWindowMinutes: 60,
          completionWindowMinutes: 360,
          lifecycle: { deleteAfterDays: backupDays },
          copyActions: [
            {
              destinationBackupVaultArn: `arn:${partition}:backup:${stage.recoveryRegion}:${Aws.ACCOUNT_ID}:backup-vault:${names.recoveryVault}`,
              lifecycle: { deleteAfterDays: backupDays },
            },
          ],
        },
      ],
    },
  });
  new CfnBackupSelection(scope, 'Selection', {
    backupPlanId: plan.ref,
    backupSelection: {
      selectionName: 'database',
      iamRoleArn: backupRole(scope, names),
      resources: [databaseArn],
    },
  });
}

function backupRole(scope: Construct, names: Names): string {
  const managed = (name: string) =>
    `arn:${Stack.of(scope).partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor${name}`;
  const made = new CfnRole(scope, 'BackupRole', {
    roleName: `${names.prefix}-backup`,
    description: 'Makes, copies and restores backups',
    assumeRolePolicyDocument: new PolicyDocument({
      statements: [
        new PolicyStatement({
          principals: [new ServicePrincipal('backup.amazonaws.com')],
          actions: ['sts:AssumeRole'],
          conditions: forThisAccount,
        }),
      ],
    }),
    managedPolicyArns: [managed('Backup'), managed('Restores')],
  });
  const reason =
    'What AWS Backup needs for RDS changes with the service; the policies AWS keeps for it are narrower than what could be maintained here, and only AWS Backup can take the role.';
  acknowledge(made, {
    [`AwsSolutions-IAM4[Policy::${managed('Backup')}]`]: reason,
    [`AwsSolutions-IAM4[Policy::${managed('Restores')}]`]: reason,
  });
  return made.attrArn;
}
