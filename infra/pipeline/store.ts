import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { bucketArn, globalArnIn } from '../kit/arn.ts';
import { expiry, privateBucket } from '../kit/bucket.ts';
import { namesOf, repositoryName } from '../names.ts';
import type { StageConfig } from '../stages.ts';
import type { Workshop } from './projects.ts';

interface StoreProps {
  readonly stages: readonly StageConfig[];
  /** Number of each stage's account, by its name. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** The deploy roles of the stages, which may be in other accounts and need not exist yet. */
export function deployers(scope: Construct, { stages, accounts }: StoreProps) {
  const account = (stage: StageConfig) => accounts[stage.name] ?? '';
  const roles = stages.map((stage) =>
    globalArnIn(scope, account(stage), `role/${namesOf(stage).deployRole}`),
  );
  return {
    principals: stages.map((stage) => new AccountPrincipal(account(stage))),
    conditions: { ArnEquals: { 'aws:PrincipalArn': roles } },
  };
}

export function makeArtifacts(scope: Construct, props: StoreProps & { workshop: Workshop }): void {
  const { bucketName, keyArn } = props.workshop;
  const bucket = privateBucket(scope, 'Artifacts', {
    name: bucketName,
    keyArn,
    lifecycle: [expiry(90)],
    statements: [
      new PolicyStatement({
        ...deployers(scope, props),
        sid: 'Deployers',
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
        resources: [bucketArn(scope, `${bucketName}/*`)],
      }),
    ],
  });
  const reason = 'Artifacts are made from the repository and can be made again; they hold no case data.';
  acknowledge(bucket, {
    'AwsSolutions-S1': reason,
    'NIST.800.53.R5-S3BucketLoggingEnabled': reason,
    'NIST.800.53.R5-S3BucketReplicationEnabled': reason,
  });
}

/** Images by digest: a tag never moves, and every image is searched for known holes. */
export function makeImages(scope: Construct, { accounts, keyArn }: StoreProps & { keyArn: string }): void {
  const rule = {
    rulePriority: 1,
    description: 'The last 50 releases can be rolled back to',
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 50 },
    action: { type: 'expire' },
  };
  const repository = new CfnRepository(scope, 'Images', {
    repositoryName,
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: { encryptionType: 'KMS', kmsKey: keyArn },
    lifecyclePolicy: { lifecyclePolicyText: JSON.stringify({ rules: [rule] }) },
    repositoryPolicyText: new PolicyDocument({
      statements: [
        new PolicyStatement({
          sid: 'StagesPull',
          principals: Object.values(accounts).map((account) => new AccountPrincipal(account)),
          actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        }),
      ],
    }),
  });
  repository.applyRemovalPolicy(RemovalPolicy.RETAIN);
}
