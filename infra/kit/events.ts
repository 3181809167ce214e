import { Aws } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { runbook } from './runbook.ts';

interface EventAlertProps {
  readonly name: string;
  /** One sentence: what happened. */
  readonly what: string;
  /** Heading of its runbook. */
  readonly anchor: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly topicArn: string;
}

/** Mails an event of AWS itself, with the line that says what to do. */
export function eventAlert(scope: Construct, id: string, props: EventAlertProps): CfnRule {
  const { name, what, anchor, pattern, topicArn } = props;
  return new CfnRule(scope, id, {
    name,
    description: `${what} ${runbook(anchor)}`,
    eventPattern: { account: [Aws.ACCOUNT_ID], ...pattern },
    targets: [
      {
        id: 'mail',
        arn: topicArn,
        inputTransformer: {
          inputPathsMap: { type: '$.detail-type', at: '$.time', about: '$.resources' },
          inputTemplate: JSON.stringify(`${name}: ${what} <type> at <at>, about <about>. ${runbook(anchor)}`),
        },
      },
    ],
  });
}
