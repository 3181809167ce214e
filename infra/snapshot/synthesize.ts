/** Synthesizes the app and reads back what came out of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { createApp } from '../app.ts';
import { stages } from '../stages.ts';
import { type Acknowledged, acknowledgedIn, findStale } from './review.ts';
import type { Template, Templates } from './template.ts';

export interface Synthesized {
  readonly templates: Templates;
  /** Every finding of a rule that was accepted, and why. */
  readonly acknowledged: readonly Acknowledged[];
}

/** Throws with the report of the rules when one is broken without being acknowledged. */
export function synthesize(build: (folder: string) => App = createApp): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'tma-synth-'));
  try {
    const app = build(folder);
    const templates = templatesOf(app);
    const report = JSON.parse(
      readFileSync(join(folder, 'validation-report.json'), 'utf8'),
    ) as ValidationReport; // the CDK wrote it just now
    refuseWarnings(report);
    const acknowledged = acknowledgedIn(app);
    const stale = findStale(app, acknowledged, cloudFormationFindings(report));
    if (stale.length > 0) {
      const lines = stale.map(({ path, rule }) => `  ${rule} on ${path}`);
      throw new Error(`Acknowledged, but nothing needs it:\n${lines.join('\n')}`);
    }
    return { templates, acknowledged };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function templatesOf(app: App): Templates {
  const stacks = app
    .synth()
    .stacks.map((stack) => [pathOf(stack.stackName), stack.template as Template] as const); // CDK types it as any
  return Object.fromEntries(stacks.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `tma-staging-network` → `staging/network`; `tma-pipeline` → `pipeline`. */
function pathOf(stackName: string): string {
  const name = stackName.replace(/^tma-/, '');
  const stage = stages.find((each) => name.startsWith(`${each.name}-`));
  return stage === undefined ? name : name.replace('-', '/');
}

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly { readonly ruleName: string; readonly description: string }[];
    readonly suppressedViolations?: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** Errors end the synthesis by themselves; here a warning is no better. */
function refuseWarnings({ pluginReports }: ValidationReport): void {
  const lines = pluginReports.flatMap(({ pluginName, violations }) =>
    violations.map(({ ruleName, description }) => `  ${pluginName} ${ruleName}: ${description}`),
  );
  if (lines.length > 0) throw new Error(`Findings that nobody acknowledged:\n${lines.join('\n')}`);
}

/** What the CloudFormation validation found and was told to accept, as `rule path`. */
function cloudFormationFindings({ pluginReports }: ValidationReport): readonly string[] {
  return pluginReports.flatMap(({ suppressedViolations = [] }) =>
    suppressedViolations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(
        ({ constructPath = '' }) => `CloudFormation-Validate::${ruleName} ${constructPath}`,
      ),
    ),
  );
}
