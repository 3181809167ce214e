import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketArn } from '../kit/arn.ts';
import { oldVersions, onlyKey, privateBucket } from '../kit/bucket.ts';
import { fromOperator } from '../kit/parameters.ts';
import { forThisAccount, role } from '../kit/roles.ts';
import { StageStack } from '../kit/stack.ts';
import type { StageConfig } from '../stages.ts';
import { accessLogBucket, logPrefixes } from './accessLogs.ts';

interface StorageProps {
  readonly stage: StageConfig;
  readonly evidenceKeyArn: string;
}

/** How long deleted attachments can be brought back: as long as the database goes back, so that both fit. */
export const restoreDays = 35;

/**
 * The evidence bucket holds attachments, already encrypted by the laptop under the key of their case. Each is copied
 * to the recovery region within 15 minutes.
 */
export class StorageStack extends StageStack {
  constructor(scope: Construct, { stage, evidenceKeyArn }: StorageProps) {
    super(scope, 'storage', { stage, description: 'attachments, their copy, and access logs' });
    const { names } = this;
    const logs = accessLogBucket(this, 'AccessLogs', {
      name: names.accessLogBucket,
      days: stage.logDays,
      loadBalancer: `${names.prefix}-entry`,
    });
    const evidence = privateBucket(this, 'Evidence', {
      name: names.evidenceBucket,
      keyArn: evidenceKeyArn,
      lifecycle: [oldVersions(restoreDays), rarelyRead],
      statements: onlyKey(this, names.evidenceBucket, evidenceKeyArn),
      more: {
        loggingConfiguration: {
          destinationBucketName: logs.ref,
          logFilePrefix: `${logPrefixes.buckets}/evidence/`,
        },
        replicationConfiguration: this.#replication(evidenceKeyArn),
      },
    });
    evidence.node.addDependency(logs);
  }

  #replication(evidenceKeyArn: string): CfnBucket.ReplicationConfigurationProperty {
    const { names, stage } = this;
    const recoveryKeyArn = fromOperator(this, names, 'recovery-key');
    const replicator = role(this, 'Replicator', {
      name: `${names.prefix}-replicator`,
      description: 'Copies attachments to the recovery region',
      trusts: new ServicePrincipal('s3.amazonaws.com'),
      when: forThisAccount,
      may: [
        {
          actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
          resources: [bucketArn(this, names.evidenceBucket)],
        },
        {
          actions: ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging'],
          resources: [bucketArn(this, `${names.evidenceBucket}/*`)],
          because: 'Every attachment is copied.',
        },
        {
          actions: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
          resources: [bucketArn(this, `${names.evidenceReplica}/*`)],
          because: 'Every attachment is copied.',
        },
        {
          actions: ['kms:Decrypt'],
          resources: [evidenceKeyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${stage.region}.amazonaws.com` } },
        },
        {
          actions: ['kms:Encrypt'],
          resources: [recoveryKeyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${stage.recoveryRegion}.amazonaws.com` } },
        },
      ],
    });
    return {
      role: replicator.attrArn,
      rules: [
        {
          id: 'recovery',
          status: 'Enabled',
          priority: 1,
          filter: { prefix: '' },
          // An erasure reaches the copy: its old versions then go as they go here.
          deleteMarkerReplication: { status: 'Enabled' },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
          destination: {
            bucket: bucketArn(this, names.evidenceReplica),
            encryptionConfiguration: { replicaKmsKeyId: recoveryKeyArn },
            replicationTime: { status: 'Enabled', time: { minutes: 15 } },
            metrics: { status: 'Enabled', eventThreshold: { minutes: 15 } },
          },
        },
      ],
    };
  }
}

const rarelyRead: CfnBucket.RuleProperty = {
  id: 'RarelyRead',
  status: 'Enabled',
  transitions: [{ storageClass: 'INTELLIGENT_TIERING', transitionInDays: 30 }],
};
