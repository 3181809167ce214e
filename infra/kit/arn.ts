import { Aws, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Of something in this account and this stack's region: `arn(this, 'ssm', 'parameter/tma/staging/*')`. */
export function arn(scope: Construct, service: string, resource: string): string {
  return `arn:${Stack.of(scope).partition}:${service}:${Stack.of(scope).region}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** Of something in this account that belongs to no region. */
export function globalArn(scope: Construct, service: string, resource: string): string {
  return `arn:${Stack.of(scope).partition}:${service}::${Aws.ACCOUNT_ID}:${resource}`;
}

/** Of a bucket or what is in it. */
export function bucketArn(scope: Construct, name: string): string {
  return `arn:${Stack.of(scope).partition}:s3:::${name}`;
}

/** Of a role or policy in another account. */
export function globalArnIn(scope: Construct, account: string, resource: string): string {
  return `arn:${Stack.of(scope).partition}:iam::${account}:${resource}`;
}
