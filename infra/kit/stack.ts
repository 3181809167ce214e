import { DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Names, namesOf } from '../names.ts';
import type { StageConfig } from '../stages.ts';

interface TmaStackProps {
  readonly stackName: string;
  /** What the stack is for, shown in CloudFormation. */
  readonly description: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A stack whose template is plain CloudFormation: it needs neither the CDK's command line nor its bootstrap stack,
 * knows no account, and has no code to upload.
 */
export class PlainStack extends Stack {
  constructor(scope: Construct, id: string, props: TmaStackProps) {
    const { region, ...rest } = props;
    super(scope, id, {
      ...rest,
      env: { region },
      // The class declares its optional fields less exactly than the interface it implements.
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
      analyticsReporting: false,
    });
  }
}

/** A stack of one stage. */
export class StageStack extends PlainStack {
  readonly stage: StageConfig;
  readonly names: Names;

  constructor(scope: Construct, id: string, props: StageStackProps) {
    const { stage, description, region = stage.region } = props;
    const names = namesOf(stage);
    super(scope, id, {
      stackName: `${names.prefix}-${id}`,
      description: `TMA ${stage.name}: ${description}`,
      region,
      tags: { 'tma:stage': stage.name, 'tma:concern': id },
    });
    this.stage = stage;
    this.names = names;
  }
}

export interface StageStackProps {
  readonly stage: StageConfig;
  readonly description: string;
  /** Where the stage's own region is not meant. */
  readonly region?: string;
}
