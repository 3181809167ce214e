/**
 * What belongs to an account and its operator, in SSM Parameter Store before the stacks are deployed. CloudFormation
 * reads the plain ones when it deploys a stack; encrypted ones it cannot make, so `docs/operations.md` says how,
 * and tasks read them when they start.
 */
import { CfnParameter, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Names } from '../names.ts';

/** Plain values, by their name under `/tma/STAGE/operator/`. */
export const operatorParameters = {
  'domain-name': 'Name of the service for laptops, e.g. tma.example.org',
  'reporting-domain-name': 'Name of the reporting portal, e.g. report.example.org',
  'hosted-zone-id': 'Route 53 zone both names are in',
  'alert-email': 'Mailbox of whoever is on call',
  'pipeline-account': 'Number of the account the pipeline and the images are in',
  'allowed-domains':
    'List: names the service may look up besides AWS, i.e. the identity providers of the tenants',
  'recovery-key': 'ARN of the key in the recovery region',
  'witness-bucket': 'Bucket for the witness, best in an account of its own',
  'witness-key': 'ARN of that bucket’s key',
  epoch: 'A UUID; a new one after a restore from a backup',
} as const;
export type OperatorParameter = keyof typeof operatorParameters;

/** Encrypted values, by their name under `/tma/STAGE/secret/`. */
export const secretParameters = {
  'database-password': 'Password of the service’s own database login: 32 letters and digits',
  'signing-key': 'Seed of the key that signs the heads of case logs: 32 bytes, base64',
} as const;
export type SecretParameter = keyof typeof secretParameters;

/** A value that CloudFormation reads from Parameter Store when it deploys this stack. */
export function fromOperator(scope: Construct, names: Names, name: OperatorParameter): string {
  return declared(scope, names, name, 'AWS::SSM::Parameter::Value<String>').valueAsString;
}

export function listFromOperator(scope: Construct, names: Names, name: OperatorParameter): string[] {
  return declared(scope, names, name, 'AWS::SSM::Parameter::Value<List<String>>').valueAsList;
}

function declared(scope: Construct, names: Names, name: OperatorParameter, type: string): CfnParameter {
  const stack = Stack.of(scope);
  const id = `Operator${name.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`;
  const known = stack.node.tryFindChild(id);
  if (known instanceof CfnParameter) return known;
  return new CfnParameter(stack, id, {
    type,
    default: names.parameter('operator', name),
    description: operatorParameters[name],
  });
}
