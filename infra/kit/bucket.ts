import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnBucket, CfnBucketPolicy, type CfnBucketProps } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { bucketArn } from './arn.ts';

interface BucketProps {
  readonly name: string;
  /** Left out: the keys of S3 itself, where AWS writes logs that cannot use a customer key. */
  readonly keyArn?: string;
  readonly lifecycle: readonly CfnBucket.RuleProperty[];
  /** Beside the rule that refuses everything but TLS 1.2 and newer. */
  readonly statements?: readonly PolicyStatement[];
  readonly more?: Omit<CfnBucketProps, 'bucketName'>;
}

/** Encrypted, versioned, closed to the public, owned by its account alone, over TLS only, kept when its stack goes. */
export function privateBucket(scope: Construct, id: string, props: BucketProps): CfnBucket {
  const { name, keyArn, lifecycle, statements = [], more = {} } = props;
  const encryption =
    keyArn === undefined ? { sseAlgorithm: 'AES256' } : { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn };
  const made = new CfnBucket(scope, id, {
    bucketName: name,
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        { bucketKeyEnabled: keyArn !== undefined, serverSideEncryptionByDefault: encryption },
      ],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    versioningConfiguration: { status: 'Enabled' },
    lifecycleConfiguration: { rules: [abandonedUploads, ...lifecycle] },
    ...more,
  });
  made.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const policy = new CfnBucketPolicy(scope, `${id}Policy`, {
    bucket: made.ref,
    policyDocument: new PolicyDocument({ statements: [...tlsOnly(made), ...statements] }),
  });
  policy.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return made;
}

const abandonedUploads: CfnBucket.RuleProperty = {
  id: 'AbandonedUploads',
  status: 'Enabled',
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

/** Overwritten and deleted objects go after that many days; until then they can be brought back. */
export function oldVersions(days: number): CfnBucket.RuleProperty {
  return {
    id: 'OldVersions',
    status: 'Enabled',
    noncurrentVersionExpiration: { noncurrentDays: days },
    expiredObjectDeleteMarker: true,
  };
}

/** Everything goes after that many days. */
export function expiry(days: number): CfnBucket.RuleProperty {
  return {
    id: 'Expiry',
    status: 'Enabled',
    expirationInDays: days,
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
}

function tlsOnly(bucket: CfnBucket): readonly PolicyStatement[] {
  const everyone = {
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:*'],
    resources: [bucket.attrArn, `${bucket.attrArn}/*`],
  };
  return [
    new PolicyStatement({
      ...everyone,
      sid: 'TlsOnly',
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    new PolicyStatement({
      ...everyone,
      sid: 'NoOldTls',
      conditions: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
    }),
  ];
}

/**
 * Refuses objects that somebody wants encrypted with another key than the bucket's, or not by KMS. Who asks for
 * nothing gets the bucket's key; hence the second condition: a negated one alone also holds where nothing was asked.
 */
export function onlyKey(scope: Construct, name: string, keyArn: string): readonly PolicyStatement[] {
  const asked = {
    OnlyKms: 's3:x-amz-server-side-encryption',
    OnlyOurKey: 's3:x-amz-server-side-encryption-aws-kms-key-id',
  };
  const wanted = { OnlyKms: 'aws:kms', OnlyOurKey: keyArn };
  return (['OnlyKms', 'OnlyOurKey'] as const).map(
    (sid) =>
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucketArn(scope, `${name}/*`)],
        conditions: { StringNotEquals: { [asked[sid]]: wanted[sid] }, Null: { [asked[sid]]: 'false' } },
      }),
  );
}
