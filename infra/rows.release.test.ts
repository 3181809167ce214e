/** The rows about how it is described and released: see `rows.test.ts` for those about what runs. */
import { describe, expect, it } from 'vitest';
import { compare } from './snapshot/compare.ts';
import { render } from './snapshot/render.ts';
import { synthesize } from './snapshot/synthesize.ts';
import {
  actionsOf,
  committed,
  dig,
  one,
  rights,
  templateOf,
  templates,
} from './testing/snapshot.test-support.ts';

describe('CodePipeline from GitLab, CI and CD', () => {
  const pipeline = one('pipeline', 'AWS::CodePipeline::Pipeline');
  const stageList = pipeline.Stages as readonly { Name: string; Actions: readonly Action[] }[]; // of a pipeline
  interface Action {
    readonly Name: string;
    readonly RunOrder?: number;
    readonly ActionTypeId: { readonly Provider: string };
    readonly Configuration: Readonly<Record<string, unknown>>;
  }
  const actionsIn = (name: string) => stageList.find((each) => each.Name === name)?.Actions ?? [];

  it('goes from GitLab through tests and image to staging, and to production after a person approved', () => {
    expect(pipeline.PipelineType).toBe('V2');
    expect(one('pipeline', 'AWS::CodeConnections::Connection').ProviderType).toEqual({
      'Fn::If': ['OwnGitLab', 'GitLabSelfManaged', 'GitLab'],
    });
    expect(stageList.map(({ Name }) => Name)).toEqual([
      'source',
      'check',
      'image',
      'staging',
      'approval',
      'production',
    ]);
    expect(actionsIn('approval').map((action) => action.ActionTypeId.Provider)).toEqual(['Manual']);
  });

  it('tests, and compares code and templates, before an image is built', () => {
    expect(actionsIn('check').map(({ Name }) => Name)).toEqual(['test', 'synth']);
  });

  it('gives the image by digest, with its bill of materials', () => {
    const image = String(dig(one('workshop', 'AWS::CodeBuild::Project', 'Image'), 'Source', 'BuildSpec'));
    expect(image).toContain('bill-of-materials.cdx.json');
    expect(image).toContain('@%s');
    expect(one('workshop', 'AWS::ECR::Repository')).toMatchObject({
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
    });
  });

  it.each(['staging', 'production'])(
    'migrates before the new version starts, and asks it afterwards: %s',
    (name) => {
      const order = Object.fromEntries(actionsIn(name).map((action) => [action.Name, action.RunOrder ?? 0]));
      expect(order).toMatchObject({
        alerts: 1,
        network: 1,
        storage: 1,
        data: 2,
        edge: 2,
        jobs: 3,
        migrate: 4,
      });
      expect(order.service).toBe(5);
      expect(order.smoke).toBe(Math.max(...Object.values(order)));
    },
  );

  it.each(['staging', 'production'])(
    'deploys committed templates, each with what it asks for: %s',
    (name) => {
      for (const action of actionsIn(name).filter(
        (each) => each.ActionTypeId.Provider === 'CloudFormation',
      )) {
        const path = `${name}/${action.Name}`;
        expect(action.Configuration).toMatchObject({
          StackName: `tma-${path.replace('/', '-')}`,
          TemplatePath: `Templates::${path}.json`,
        });
        const given = Object.keys(JSON.parse(String(action.Configuration.ParameterOverrides ?? '{}')));
        const asked = Object.entries(templateOf(path).Parameters ?? {});
        const wanted = asked
          .filter(([, { Type }]) => !String(Type).startsWith('AWS::SSM::'))
          .map(([id]) => id);
        expect(given.sort()).toEqual(wanted.sort());
      }
    },
  );

  it('lets the step that runs the repository’s code do nothing but that', () => {
    const may = actionsOf(rights('workshop', 'TestRole'));
    expect(may.filter((action) => !/^(logs|s3|kms):/.test(action))).toEqual([]);
  });
});

describe('CloudFormation as code', () => {
  it('is what the code makes, judged clean by cdk-nag and by the validation of CloudFormation', {
    timeout: 180_000,
  }, () => {
    expect(compare(committed, render(synthesize()))).toEqual([]);
  });

  it('is plain: no code of its own to run, nothing to upload, no bootstrap', () => {
    const types = new Set(
      Object.values(templates).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
    );
    for (const type of types)
      expect(type).toMatch(/^AWS::(?!Lambda::|CloudFormation::(CustomResource|Macro))/);
    for (const template of Object.values(templates)) {
      expect(Object.keys(template.Parameters ?? {})).not.toContain('BootstrapVersion');
    }
  });

  it('names no account, no person and no folder of a machine', () => {
    for (const [file, text] of Object.entries(committed)) {
      expect(text.match(/\b\d{12}\b/g), file).toBeNull();
      expect(text.match(/\/(home|root|Users|work|tmp)\//g), file).toBeNull();
      expect(text.match(/[\w.]+@[\w.]+\.(com|org|net|de)\b/g), file).toBeNull();
    }
  });

  it('fits, template by template, into one call of CloudFormation', () => {
    for (const [path, template] of Object.entries(templates)) {
      expect(JSON.stringify(template).length, path).toBeLessThan(51_200);
      expect(Object.keys(template.Resources).length, path).toBeLessThan(500);
    }
  });

  it('keeps what holds data when a stack goes', () => {
    const holding = [
      'AWS::S3::Bucket',
      'AWS::KMS::Key',
      'AWS::Backup::BackupVault',
      'AWS::Logs::LogGroup',
      'AWS::ECR::Repository',
    ];
    const kept = Object.values(templates)
      .flatMap(({ Resources }) => Object.values(Resources))
      .filter(({ Type }) => holding.includes(Type));
    expect(kept.length).toBeGreaterThan(40);
    for (const resource of kept) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });
});
