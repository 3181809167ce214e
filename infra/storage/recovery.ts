import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { lockedVault } from '../data/vault.ts';
import { acknowledge } from '../kit/acknowledge.ts';
import { oldVersions, onlyKey, privateBucket } from '../kit/bucket.ts';
import { key } from '../kit/key.ts';
import { StageStack } from '../kit/stack.ts';
import type { StageConfig } from '../stages.ts';
import { restoreDays } from './stack.ts';

/** What the second region keeps for the loss of the first: copies of backups and attachments, and their key. */
export class RecoveryStack extends StageStack {
  constructor(scope: Construct, stage: StageConfig) {
    super(scope, 'recovery', {
      stage,
      description: 'copies for the loss of the region',
      region: stage.recoveryRegion,
    });
    const { names } = this;
    const made = key(this, 'Key', {
      alias: names.keyAlias('recovery'),
      description: `TMA ${stage.name}: copies in the recovery region`,
    });
    const replica = privateBucket(this, 'EvidenceReplica', {
      name: names.evidenceReplica,
      keyArn: made.attrArn,
      lifecycle: [oldVersions(restoreDays)],
      statements: onlyKey(this, names.evidenceReplica, made.attrArn),
    });
    acknowledge(replica, {
      'AwsSolutions-S1':
        'Only the replication writes here; reading it in a recovery is on the trail of the account.',
      'NIST.800.53.R5-S3BucketLoggingEnabled':
        'Only the replication writes here; reading it in a recovery is on the trail of the account.',
      'NIST.800.53.R5-S3BucketReplicationEnabled': 'It is the replica.',
    });
    lockedVault(this, { stage, name: names.recoveryVault, keyArn: made.attrArn });
    new CfnOutput(this, 'KeyArn', {
      value: made.attrArn,
      description: `Give as ${names.parameter('operator', 'recovery-key')} in ${stage.region}`,
    });
  }
}
