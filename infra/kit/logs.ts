import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

interface LogGroupProps {
  readonly name: string;
  readonly keyArn: string;
  readonly days: number;
  readonly dataProtection?: unknown;
}

/** Encrypted, with an end to its retention, and kept when its stack goes. */
export function logGroup(scope: Construct, id: string, props: LogGroupProps): CfnLogGroup {
  const made = new CfnLogGroup(scope, id, {
    logGroupName: props.name,
    kmsKeyId: props.keyArn,
    retentionInDays: props.days,
    ...(props.dataProtection === undefined ? {} : { dataProtectionPolicy: props.dataProtection }),
  });
  made.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return made;
}
