import { Aws, Stack } from 'aws-cdk-lib';
import {
  CfnManagedPolicy,
  CfnRole,
  Effect,
  type IPrincipal,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  /** Why this needs a wildcard; only then, and always then. */
  readonly because?: string;
}

interface RoleProps {
  readonly name: string;
  readonly description: string;
  readonly trusts: IPrincipal;
  /** Conditions on who may take the role. */
  readonly when?: Readonly<Record<string, unknown>>;
  readonly may: readonly Permission[];
}

/**
 * A role whose whole power is one customer-managed policy beside it. Every wildcard in it carries its reason, which
 * is what cdk-nag is told. Throws when a wildcard has no reason or a reason no wildcard.
 */
export function role(scope: Construct, id: string, props: RoleProps): CfnRole {
  const made = new CfnRole(scope, id, {
    roleName: props.name,
    description: props.description,
    assumeRolePolicyDocument: trustPolicy(props),
    maxSessionDuration: 3_600,
  });
  if (props.may.length > 0) {
    policy(scope, `${id}Policy`, { description: props.description, may: props.may, roles: [made.ref] });
  }
  return made;
}

interface PolicyProps {
  readonly name?: string;
  readonly description: string;
  readonly may: readonly Permission[];
  readonly mayNot?: readonly Permission[];
  readonly roles?: readonly string[];
}

export function policy(scope: Construct, id: string, props: PolicyProps): CfnManagedPolicy {
  const made = new CfnManagedPolicy(scope, id, {
    ...(props.name === undefined ? {} : { managedPolicyName: props.name }),
    description: props.description,
    ...(props.roles === undefined ? {} : { roles: [...props.roles] }),
    policyDocument: new PolicyDocument({
      statements: [
        ...props.may.map((each) => statement(each, Effect.ALLOW)),
        ...(props.mayNot ?? []).map((each) => statement(each, Effect.DENY)),
      ],
    }),
  });
  for (const permission of props.may) explainWildcards(made, permission);
  return made;
}

export function statement(permission: Permission, effect: Effect): PolicyStatement {
  const { actions, resources, conditions } = permission;
  return new PolicyStatement({
    effect,
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions }),
  });
}

function trustPolicy({ trusts, when }: RoleProps): PolicyDocument {
  const taken = new PolicyStatement({ principals: [trusts], actions: ['sts:AssumeRole'] });
  if (when !== undefined) taken.addConditions(when);
  return new PolicyDocument({ statements: [taken] });
}

/** Confused-deputy guard: the AWS service acts for this account alone. */
export const forThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } as const;

function explainWildcards(made: CfnManagedPolicy, { actions, resources, because }: Permission): void {
  const found = [
    ...actions.filter(hasWildcard).map((action) => `Action::${action}`),
    ...resources
      .map((resource) => flat(made, resource))
      .filter(hasWildcard)
      .map((resource) => `Resource::${resource}`),
  ];
  if (found.length > 0 !== (because !== undefined)) {
    throw new Error(
      `${made.node.path}: ${actions.join(', ')} has a wildcard without a reason, or a reason without one.`,
    );
  }
  if (because === undefined) return;
  acknowledge(made, Object.fromEntries(found.map((finding) => [`AwsSolutions-IAM5[${finding}]`, because])));
  if (actions.some((action) => action.endsWith(':*'))) {
    acknowledge(made, { 'NIST.800.53.R5-IAMPolicyNoStatementsWithFullAccess': because });
  }
}

const hasWildcard = (text: string) => text.includes('*');

/** The text of a reference as cdk-nag writes it in its findings: `arn:aws:s3:::name-<AWS::AccountId>`. */
function flat(scope: Construct, value: string): string {
  const visit = (node: unknown): string => {
    if (typeof node === 'string') return node;
    if (typeof node !== 'object' || node === null) return '';
    if ('Ref' in node) return `<${visit(node.Ref)}>`;
    if ('Fn::GetAtt' in node && Array.isArray(node['Fn::GetAtt'])) return `<${node['Fn::GetAtt'].join('.')}>`;
    if ('Fn::ImportValue' in node) return visit(node['Fn::ImportValue']);
    if ('Fn::Join' in node && Array.isArray(node['Fn::Join'])) {
      const [delimiter, parts] = node['Fn::Join'];
      return Array.isArray(parts) ? parts.map(visit).join(String(delimiter)) : '';
    }
    return JSON.stringify(node);
  };
  return visit(Stack.of(scope).resolve(value));
}
