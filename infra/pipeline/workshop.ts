import { Aws, CfnParameter } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { forLogs, forPublishers, key } from '../kit/key.ts';
import { PlainStack } from '../kit/stack.ts';
import { alertTopic } from '../kit/topic.ts';
import type { StageConfig } from '../stages.ts';
import type { Workshop } from './projects.ts';
import { makeSteps, type Steps } from './steps.ts';
import { deployers, makeArtifacts, makeImages } from './store.ts';

interface WorkshopProps {
  readonly region: string;
  readonly stages: readonly StageConfig[];
}

/** What the pipeline works with: its key and mailbox, artifacts, images, and the build steps. */
export class WorkshopStack extends PlainStack {
  readonly workshop: Workshop;
  readonly steps: Steps;
  readonly topicArn: string;

  constructor(scope: Construct, { region, stages }: WorkshopProps) {
    super(scope, 'workshop', {
      stackName: 'tma-workshop',
      description: 'TMA: what the pipeline works with',
      region,
      tags: { 'tma:concern': 'pipeline' },
    });
    const shared = { stages, accounts: accountsOf(this, stages) };
    const made = key(this, 'Key', {
      alias: 'alias/tma/pipeline',
      description: 'TMA: artifacts, images, logs and messages of the pipeline',
      allows: [
        forLogs(this),
        forPublishers(),
        new PolicyStatement({
          ...deployers(this, shared),
          sid: 'Deployers',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: ['*'],
        }),
      ],
    });
    this.workshop = { keyArn: made.attrArn, bucketName: `tma-pipeline-artifacts-${Aws.ACCOUNT_ID}` };
    const email = new CfnParameter(this, 'AlertEmail', { description: 'Who approves releases' })
      .valueAsString;
    this.topicArn = alertTopic(this, 'Topic', {
      name: 'tma-pipeline-alerts',
      keyArn: made.attrArn,
      email,
    }).ref;
    makeArtifacts(this, { ...shared, workshop: this.workshop });
    makeImages(this, { ...shared, keyArn: made.attrArn });
    this.steps = makeSteps(this, { ...shared, workshop: this.workshop });
  }
}

/** Asks the operator for the number of each stage's account; all may be the same. */
export function accountsOf(
  scope: Construct,
  stages: readonly StageConfig[],
): Readonly<Record<string, string>> {
  const asked = stages.map(({ name }) => {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}Account`;
    const description = `Number of the account ${name} is in; it may be this one`;
    return [
      name,
      new CfnParameter(scope, id, { description, allowedPattern: '\\d{12}' }).valueAsString,
    ] as const;
  });
  return Object.fromEntries(asked);
}
