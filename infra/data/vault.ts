import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';

/** How long backups are kept; erased cases are out of the last backup after that (their key is gone at once). */
export const backupDays = 35;

/** How long a compliance lock can still be taken back after it was set. */
const graceDays = 14;

/** A vault whose backups nobody can delete or shorten before their time. */
export function lockedVault(
  scope: Construct,
  props: { stage: StageConfig; name: string; keyArn: string },
): CfnBackupVault {
  const { stage, name, keyArn } = props;
  const made = new CfnBackupVault(scope, 'Vault', {
    backupVaultName: name,
    encryptionKeyArn: keyArn,
    lockConfiguration: {
      minRetentionDays: backupDays,
      maxRetentionDays: 3 * backupDays,
      ...(stage.backupLock === 'compliance' ? { changeableForDays: graceDays } : {}),
    },
    accessPolicy: new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'NobodyDeletes',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
          resources: ['*'],
        }),
      ],
    }),
  });
  made.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return made;
}
