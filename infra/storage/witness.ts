import { CfnOutput, CfnParameter } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { bucketArn } from '../kit/arn.ts';
import { onlyKey, privateBucket } from '../kit/bucket.ts';
import { key } from '../kit/key.ts';
import { StageStack } from '../kit/stack.ts';
import type { StageConfig } from '../stages.ts';

/**
 * The witness: every hour the service writes the root of a hash tree over the heads of all case logs. Nobody can
 * change or delete one, so a log that was rewritten later is found out. It belongs in an account that those who run
 * the service do not administer; hence a stack of its own. Roots are hashes and hold nothing about anybody.
 */
export class WitnessStack extends StageStack {
  constructor(scope: Construct, stage: StageConfig) {
    super(scope, 'witness', { stage, description: 'hash roots that nobody can change' });
    const { names } = this;
    const account = new CfnParameter(this, 'ServiceAccount', {
      description: 'Number of the account the service runs in',
      allowedPattern: '\\d{12}',
    }).valueAsString;
    const service = {
      principals: [new AccountPrincipal(account)],
      conditions: {
        ArnEquals: { 'aws:PrincipalArn': `arn:${this.partition}:iam::${account}:role/${names.taskRole}` },
      },
    };
    const made = key(this, 'Key', {
      alias: names.keyAlias('witness'),
      description: `TMA ${stage.name}: hash roots`,
      allows: [
        new PolicyStatement({
          ...service,
          sid: 'ServiceWrites',
          actions: ['kms:GenerateDataKey'],
          resources: ['*'],
        }),
      ],
    });
    const bucket = privateBucket(this, 'Witness', {
      name: names.witnessBucket,
      keyArn: made.attrArn,
      lifecycle: [],
      statements: [
        ...onlyKey(this, names.witnessBucket, made.attrArn),
        new PolicyStatement({
          ...service,
          sid: 'ServiceAddsRoots',
          actions: ['s3:PutObject'],
          resources: [bucketArn(this, `${names.witnessBucket}/roots/*`)],
        }),
      ],
      more: {
        objectLockEnabled: true,
        objectLockConfiguration: {
          objectLockEnabled: 'Enabled',
          rule: {
            defaultRetention: {
              mode: stage.backupLock === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
              years: stage.witnessYears,
            },
          },
        },
      },
    });
    acknowledge(bucket, {
      'AwsSolutions-S1':
        'Write-once and public in content: hashes. The trail of its account shows who wrote.',
      'NIST.800.53.R5-S3BucketLoggingEnabled':
        'Write-once and public in content: hashes. The trail of its account shows who wrote.',
      'NIST.800.53.R5-S3BucketReplicationEnabled':
        'A second copy of a hash proves nothing more; laptops keep the signed heads they saw.',
    });
    new CfnOutput(this, 'BucketName', {
      value: bucket.ref,
      description: `Give as ${names.parameter('operator', 'witness-bucket')} in the account of the service`,
    });
    new CfnOutput(this, 'KeyArn', {
      value: made.attrArn,
      description: `Give as ${names.parameter('operator', 'witness-key')} in the account of the service`,
    });
  }
}
