import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { arn, bucketArn } from '../kit/arn.ts';
import { expiry, privateBucket } from '../kit/bucket.ts';
import { forThisAccount } from '../kit/roles.ts';

export const logPrefixes = { loadBalancer: 'load-balancer', buckets: 'buckets' } as const;

interface AccessLogProps {
  readonly name: string;
  readonly days: number;
  /** Name of the load balancer that writes here. */
  readonly loadBalancer?: string;
}

/** Where load balancers and buckets write who asked for what. */
export function accessLogBucket(scope: Construct, id: string, props: AccessLogProps): CfnBucket {
  const { name, days, loadBalancer } = props;
  const made = privateBucket(scope, id, {
    name,
    lifecycle: [expiry(days)],
    statements: [
      new PolicyStatement({
        sid: 'BucketLogs',
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucketArn(scope, `${name}/${logPrefixes.buckets}/*`)],
        conditions: forThisAccount,
      }),
      ...(loadBalancer === undefined ? [] : [balancerLogs(scope, name, loadBalancer)]),
    ],
  });
  acknowledge(made, {
    'NIST.800.53.R5-S3DefaultEncryptionKMS':
      'Load balancers and S3 deliver access logs only to buckets encrypted with the keys of S3 (SSE-S3).',
    'NIST.800.53.R5-S3BucketReplicationEnabled':
      'Access logs are no case data; addresses in them are not spread to a second region.',
  });
  return made;
}

function balancerLogs(scope: Construct, bucket: string, loadBalancer: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'LoadBalancerLogs',
    principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [bucketArn(scope, `${bucket}/${logPrefixes.loadBalancer}/AWSLogs/${Aws.ACCOUNT_ID}/*`)],
    conditions: {
      ArnLike: { 'aws:SourceArn': arn(scope, 'elasticloadbalancing', `loadbalancer/app/${loadBalancer}/*`) },
    },
  });
}
