import { CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { judgedApp } from '../app.ts';
import { acknowledge } from '../kit/acknowledge.ts';
import { privateBucket } from '../kit/bucket.ts';
import { role } from '../kit/roles.ts';
import { PlainStack } from '../kit/stack.ts';
import { synthesize } from './synthesize.ts';

/** Synthesizes one stack with that in it. */
function judge(fill: (stack: PlainStack) => void) {
  return synthesize((folder) => {
    const app = judgedApp(folder);
    fill(
      new PlainStack(app, 'probe', {
        stackName: 'tma-probe',
        description: '',
        region: 'eu-central-1',
        tags: {},
      }),
    );
    return app;
  });
}

describe('Well-Architected security review', () => {
  it('refuses what cdk-nag finds and nobody acknowledged', () => {
    expect(() => judge((stack) => new CfnBucket(stack, 'Open'))).toThrow(/server access logs disabled/);
  });

  it('refuses what CloudFormation would refuse', () => {
    const broken = () =>
      judge((stack) => {
        const subnet = new CfnSubnet(stack, 'Subnet', { vpcId: 'vpc-1' });
        subnet.addPropertyOverride('NoSuchProperty', true);
      });
    expect(broken).toThrow(/NoSuchProperty/);
  });

  it('refuses even what CloudFormation would only warn of', () => {
    const warned = () =>
      judge(
        (stack) =>
          new CfnSubnet(stack, 'Subnet', {
            vpcId: 'vpc-1',
            availabilityZone: 'eu-central-1a',
            cidrBlock: '10.0.0.0/24',
          }),
      );
    expect(warned).toThrow(/hardcoding availability zones/);
  });

  it('refuses an acknowledgement that nothing needs', () => {
    const stale = () =>
      judge((stack) => {
        const bucket = privateBucket(stack, 'Bucket', { name: 'tma-probe', lifecycle: [] });
        acknowledge(bucket, {
          'AwsSolutions-S1': 'a probe',
          'AwsSolutions-S10': 'never needed',
          'NIST.800.53.R5-S3BucketLoggingEnabled': 'a probe',
          'NIST.800.53.R5-S3BucketReplicationEnabled': 'a probe',
          'NIST.800.53.R5-S3DefaultEncryptionKMS': 'a probe',
        });
      });
    expect(stale).toThrow(/nothing needs it:\n {2}AwsSolutions-S10 on probe\/Bucket$/);
  });

  it('refuses a wildcard without a reason, and a reason without a wildcard', () => {
    const may = (resources: string[], because?: string) => () =>
      judge((stack) =>
        role(stack, 'Role', {
          name: 'r',
          description: 'd',
          trusts: new ServicePrincipal('ecs-tasks.amazonaws.com'),
          may: [{ actions: ['s3:GetObject'], resources, ...(because === undefined ? {} : { because }) }],
        }),
      );
    expect(may(['*'])).toThrow(/wildcard without a reason/);
    expect(may(['arn:aws:s3:::b/one'], 'because')).toThrow(
      /wildcard without a reason, or a reason without one/,
    );
    expect(may(['*'], 'a probe')).not.toThrow();
  });
});
