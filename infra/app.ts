/** The whole system as an app of the CDK: which stacks there are and what each is given. */
import { App, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { Construct } from 'constructs';
import { AccessStack } from './access/stack.ts';
import { AccountStack } from './account/stack.ts';
import { AlertsStack } from './alerts/stack.ts';
import { DataStack } from './data/stack.ts';
import { EdgeStack } from './edge/stack.ts';
import { KeysStack } from './keys/stack.ts';
import { MonitoringStack } from './monitoring/stack.ts';
import { namesOf } from './names.ts';
import { NetworkStack } from './network/stack.ts';
import { PipelineStack } from './pipeline/stack.ts';
import { WorkshopStack } from './pipeline/workshop.ts';
import { type StageConfig, stages } from './stages.ts';
import { RecoveryStack } from './storage/recovery.ts';
import { StorageStack } from './storage/stack.ts';
import { WitnessStack } from './storage/witness.ts';
import { JobsStack } from './tasks/jobs.ts';
import { ServiceStack } from './tasks/service.ts';

/** Where the pipeline and the guards of an account are. */
const home = 'eu-central-1';

/** An app without stacks, whose synthesis fails on any finding of the rules that is not acknowledged with a reason. */
export function judgedApp(outdir: string): App {
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: {
      ...flags,
      // Findings of the bundled CloudFormation validation are errors.
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      // Plain exports and imports, which every tool for CloudFormation understands.
      '@aws-cdk/core:defaultCrossStackReferences': 'strong',
    },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new NIST80053R5Checks(app));
  return app;
}

export function createApp(outdir: string): App {
  const app = judgedApp(outdir);
  new AccountStack(app, { region: home, stages });
  const tools = new WorkshopStack(app, { region: home, stages });
  new PipelineStack(app, { region: home, stages, tools }).addStackDependency(tools);
  for (const stage of stages) addStage(app, stage);
  return app;
}

function addStage(app: App, stage: StageConfig): void {
  const scope = new Construct(app, stage.name);
  // Deployed by a person.
  new AccessStack(scope, stage);
  const keys = new KeysStack(scope, stage);
  new RecoveryStack(scope, stage);
  new WitnessStack(scope, stage);
  // Deployed by the pipeline.
  const { arns } = keys;
  const { topicArn } = new AlertsStack(scope, { stage, alertsKeyArn: arns.alerts });
  const network = new NetworkStack(scope, { stage, logsKeyArn: arns.logs });
  const storage = new StorageStack(scope, { stage, evidenceKeyArn: arns.evidence });
  const data = new DataStack(scope, { stage, keys, network });
  const edge = new EdgeStack(scope, { stage, network, logsKeyArn: arns.logs, topicArn });
  const jobs = new JobsStack(scope, { stage, keys, network, data });
  const service = new ServiceStack(scope, { stage, network, edge, jobs });
  const monitoring = new MonitoringStack(scope, { stage, edge, topicArn });
  // Names that are literal tell CloudFormation nothing about the order.
  edge.addStackDependency(storage);
  service.addStackDependency(jobs);
  monitoring.addStackDependency(jobs);
  for (const stack of [network, storage, data, jobs]) {
    PermissionsBoundary.of(stack).apply(
      ManagedPolicy.fromManagedPolicyName(stack, 'Limit', namesOf(stage).boundary),
    );
  }
}
