import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A rule that does not hold here, and why that is right. */
export type Exceptions = Readonly<Record<string, string>>;

/**
 * Accepts findings of cdk-nag (rules beginning `AwsSolutions-` or `NIST.800.53.R5-`) or of the CloudFormation
 * validation (`CloudFormation-Validate::`) on a construct and what is in it. `snapshot/review.ts` lists them
 * all, and refuses one that nothing needs.
 */
export function acknowledge(construct: IConstruct, exceptions: Exceptions): void {
  const entries = Object.entries(exceptions).map(([id, reason]) => ({ id, reason }));
  Validations.of(construct).acknowledge(...entries);
}
