import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

interface TopicProps {
  readonly name: string;
  readonly keyArn: string;
  readonly email: string;
}

/** What publishes to the topics. */
export const publishers = ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] as const;

/** An encrypted topic that takes messages from alarms and events, over TLS, and mails them. */
export function alertTopic(scope: Construct, id: string, props: TopicProps): CfnTopic {
  const made = new CfnTopic(scope, id, { topicName: props.name, kmsMasterKeyId: props.keyArn });
  new CfnTopicPolicy(scope, `${id}Policy`, {
    topics: [made.ref],
    policyDocument: new PolicyDocument({
      statements: [
        // Without a condition on the account: EventBridge does not send what a condition in a topic's policy needs.
        new PolicyStatement({
          sid: 'Publishers',
          principals: publishers.map((service) => new ServicePrincipal(service)),
          actions: ['sns:Publish'],
          resources: [made.ref],
        }),
        new PolicyStatement({
          sid: 'TlsOnly',
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['sns:Publish'],
          resources: [made.ref],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ],
    }),
  });
  new CfnSubscription(scope, `${id}Mail`, { topicArn: made.ref, protocol: 'email', endpoint: props.email });
  return made;
}
