import { describe, expect, it } from 'vitest';
import { type Box, text } from './diagram/svg.ts';
import { diagram, picture } from './diagram.ts';
import { diagramFile } from './snapshot/files.ts';
import { committed, templates } from './testing/snapshot.test-support.ts';

const { areas, nodes, width, height } = picture(templates);

/** Where each kind of resource stands in the picture, by the beginning of its name. */
const placed: Readonly<Record<string, string>> = {
  'AWS::AccessAnalyzer::': 'Trail, analyser, budget',
  'AWS::ApplicationAutoScaling::': 'Service on ECS Fargate',
  'AWS::Backup::': 'Backup vault',
  'AWS::Budgets::': 'Trail, analyser, budget',
  'AWS::CertificateManager::': 'Entry for laptops',
  'AWS::CloudTrail::': 'Trail, analyser, budget',
  'AWS::CloudWatch::': 'Alarms',
  'AWS::CodeBuild::': 'check',
  'AWS::CodeConnections::': 'source',
  'AWS::CodePipeline::': 'source',
  'AWS::EC2::': 'Ways out, and what is written about them',
  'AWS::ECR::': 'image',
  'AWS::ECS::': 'Service on ECS Fargate',
  'AWS::ElasticLoadBalancingV2::': 'Entry for laptops',
  'AWS::Events::': 'Alarms',
  'AWS::GuardDuty::': 'GuardDuty',
  'AWS::IAM::': 'One-off tasks',
  'AWS::KMS::': 'Keys (KMS)',
  'AWS::Logs::': 'Logs and figures (CloudWatch)',
  'AWS::RDS::': 'PostgreSQL 18',
  'AWS::Route53::': 'Entry for laptops',
  'AWS::Route53Resolver::': 'Ways out, and what is written about them',
  'AWS::S3::': 'Attachments (S3)',
  'AWS::SNS::': 'On call',
  'AWS::SSM::': 'Settings (SSM), owner’s secret',
  'AWS::WAFv2::': 'Entry for laptops',
};

describe('the picture of the deployed system', () => {
  it('is drawn from the templates as they are', () => {
    expect(committed[diagramFile]).toBe(diagram(templates));
  });

  it('has a place for every kind of resource there is, and none for what there is not', () => {
    const types = Object.values(templates).flatMap(({ Resources }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    const families = [...new Set(types.map((type) => type.replace(/::\w+$/, '::')))].sort();
    expect(families).toEqual(Object.keys(placed).sort());
    const titles = nodes.map(({ title }) => title);
    for (const title of Object.values(placed)) expect(titles).toContain(title);
  });

  it('follows the templates: another number of tasks is another picture', () => {
    const changed = structuredClone(templates);
    for (const resource of Object.values(changed['production/service']?.Resources ?? {})) {
      if (resource.Type === 'AWS::ApplicationAutoScaling::ScalableTarget')
        Object.assign(resource.Properties ?? {}, { MaxCapacity: 77 });
    }
    expect(diagram(changed)).toContain('2 to 77 tasks');
  });

  it('stops where the templates no longer have what it shows', () => {
    const changed = { ...templates, 'production/data': { Resources: {} } };
    expect(() => diagram(changed)).toThrow(/production\/data has 0 of AWS::RDS::DBInstance/);
  });

  it('keeps its words inside their boxes, and its boxes apart and on the page', () => {
    for (const { title, lines, ...box } of nodes) {
      const widest = Math.max(
        title.length * text.titleChar,
        ...lines.map((line) => line.length * text.lineChar),
      );
      expect(widest, title).toBeLessThanOrEqual(box.w - 2 * text.pad + 6);
      expect(22 + lines.length * text.lead + 6, title).toBeLessThanOrEqual(box.h);
    }
    for (const box of [...areas, ...nodes]) {
      expect(box.x + box.w, box.title).toBeLessThan(width);
      expect(box.y + box.h, box.title).toBeLessThan(height);
    }
    for (const [at, one] of nodes.entries()) {
      for (const other of nodes.slice(at + 1))
        expect(overlap(one, other), `${one.title}, ${other.title}`).toBe(false);
    }
  });
});

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
