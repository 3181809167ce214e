import { Aws, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { globalArn } from '../kit/arn.ts';
import type { Permission } from '../kit/roles.ts';
import type { Names } from '../names.ts';
import type { StageConfig } from '../stages.ts';

/** Services whose resources the pipeline's stacks make; what they may do to each is decided by what it contains. */
const services = [
  'acm',
  'application-autoscaling',
  'backup',
  'backup-storage',
  'cloudwatch',
  'ec2',
  'ecs',
  'elasticloadbalancing',
  'events',
  'logs',
  'rds',
  'route53',
  'route53resolver',
  's3',
  'secretsmanager',
  'sns',
  'ssm',
  'wafv2',
] as const;

/** The keys of a stage: used for what is made, never changed. */
const useOfKeys = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
];

/** CloudFormation makes many kinds of resources and needs what their services ask; the boundary keeps it from rights. */
export function building(
  scope: Construct,
  props: { stage: StageConfig; names: Names; boundaryArn: string },
): readonly Permission[] {
  const { stage, names, boundaryArn } = props;
  const ours = (kind: string) => globalArn(scope, 'iam', `${kind}/${names.prefix}-*`);
  const within = { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } };
  return [
    {
      actions: services.map((service) => `${service}:*`),
      resources: ['*'],
      because:
        'CloudFormation makes and changes resources of these services, most of which have no name before they exist. Only CloudFormation can take the role, and only for templates that were reviewed, tested and approved.',
    },
    {
      actions: [
        'iam:CreateRole',
        'iam:PutRolePermissionsBoundary',
        'iam:AttachRolePolicy',
        'iam:DetachRolePolicy',
      ],
      resources: [ours('role')],
      conditions: within,
      because: 'Every role of this stage, and only inside the boundary.',
    },
    {
      actions: [
        'iam:DeleteRole',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:PassRole',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListEntitiesForPolicy',
        'iam:ListPolicyVersions',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:TagPolicy',
        'iam:UntagPolicy',
      ],
      resources: [ours('role'), ours('policy')],
      because: 'Every role and policy of this stage.',
    },
    {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [globalArn(scope, 'iam', 'role/aws-service-role/*')],
      because: 'ECS, RDS, load balancers and scaling each have one role of AWS’s own making.',
    },
    {
      actions: useOfKeys,
      // The database's backups are replicated under the key of the other region.
      resources: [stage.region, stage.recoveryRegion].map(
        (region) => `arn:${Stack.of(scope).partition}:kms:${region}:${Aws.ACCOUNT_ID}:key/*`,
      ),
      conditions: {
        'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/tma/${stage.name}/*` },
      },
      because: 'Resources are encrypted with the keys of this stage; their alias limits this to them.',
    },
  ];
}

/**
 * The most that any role made by the stacks may do, whatever its policy says: use services, but neither rights, nor
 * keys, nor the trail, nor other accounts. Its own rights are what remains after its policy is applied as well.
 */
export const boundary: { readonly may: readonly Permission[]; readonly mayNot: readonly Permission[] } = {
  may: [
    {
      actions: [
        'ecr:*',
        'kms:*',
        'logs:*',
        's3:*',
        'secretsmanager:GetSecretValue',
        'ssm:GetParameters',
        'rds:*',
        'backup:*',
        'ec2:*',
        'tag:GetResources',
        'iam:PassRole',
      ],
      resources: ['*'],
      because: 'A boundary gives no rights; it says which ones a policy of the stacks can give at all.',
    },
  ],
  mayNot: [
    {
      actions: [
        'kms:DisableKey',
        'kms:PutKeyPolicy',
        'kms:DeleteAlias',
        'kms:UpdateAlias',
        'ssm:PutParameter',
        'backup:DeleteBackupVault*',
        'rds:DeleteDBInstance',
        's3:DeleteBucket*',
        's3:PutBucket*',
        's3:BypassGovernanceRetention',
      ],
      resources: ['*'],
    },
  ],
};
