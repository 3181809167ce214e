/** The rows about keys, certificates and watching: see `rows.test.ts` for those about what runs. */
import { describe, expect, it } from 'vitest';
import { runbookFile } from './kit/runbook.ts';
import { namesOf } from './names.ts';
import { stages } from './stages.ts';
import {
  actionsOf,
  all,
  dig,
  flat,
  one,
  projectFile,
  resourcesOf,
  rights,
  templates,
} from './testing/snapshot.test-support.ts';

describe.each(stages)('$name', (stage) => {
  const { name } = stage;
  const names = namesOf(stage);

  describe('KMS for data at rest; EBS volumes and RDS encrypted', () => {
    it('has one key for each purpose, which rotates and is kept', () => {
      const keys = resourcesOf(`${name}/keys`, 'AWS::KMS::Key');
      expect(keys.map(([id]) => id).sort()).toEqual([
        'Alerts',
        'Backup',
        'Database',
        'Ephemeral',
        'Evidence',
        'Logs',
        'Probe',
        'Secrets',
      ]);
      for (const [, key] of keys) {
        expect(key).toMatchObject({
          Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 },
          DeletionPolicy: 'Retain',
          UpdateReplacePolicy: 'Retain',
        });
      }
    });

    it('encrypts the disks of tasks, the database, its snapshots and figures, attachments, backups and messages', () => {
      const key = (purpose: string) => ({
        'Fn::ImportValue': expect.stringContaining(`FnGetAtt${purpose}Arn`),
      });
      expect(
        dig(one(`${name}/jobs`, 'AWS::ECS::Cluster'), 'Configuration', 'ManagedStorageConfiguration'),
      ).toEqual({ FargateEphemeralStorageKmsKeyId: key('Ephemeral') });
      expect(one(`${name}/data`, 'AWS::RDS::DBInstance')).toMatchObject({
        KmsKeyId: key('Database'),
        PerformanceInsightsKMSKeyId: key('Database'),
      });
      expect(one(`${name}/data`, 'AWS::Backup::BackupVault').EncryptionKeyArn).toEqual(key('Backup'));
      expect(one(`${name}/alerts`, 'AWS::SNS::Topic').KmsMasterKeyId).toEqual(key('Alerts'));
      expect(
        JSON.stringify(one(`${name}/storage`, 'AWS::S3::Bucket', 'Evidence').BucketEncryption),
      ).toContain('FnGetAttEvidenceArn');
    });

    it('lets the service use keys of tenants with the tenant named, and administration alone make or destroy them', () => {
      const service = rights(`${name}/jobs`, 'ServiceRole');
      const tenantKeys = service.find(({ Action }) => Action.includes('kms:Encrypt'));
      expect(tenantKeys?.Condition).toEqual({
        'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/tma/${name}/tenant/*` },
        Null: { 'kms:EncryptionContext:tenant': 'false' },
      });
      const managing = ['kms:CreateKey', 'kms:CreateAlias', 'kms:ScheduleKeyDeletion'];
      expect(actionsOf(rights(`${name}/jobs`, 'AdminRole'))).toEqual(expect.arrayContaining(managing));
      for (const action of managing) expect(actionsOf(service)).not.toContain(action);
    });
  });

  describe('ACM', () => {
    it.each(['Entry', 'Reporting'])(
      'proves the name of %s by DNS and lets only Amazon issue for it',
      (entry) => {
        expect(
          one(`${name}/edge`, 'AWS::CertificateManager::Certificate', `${entry}Certificate`),
        ).toMatchObject({
          ValidationMethod: 'DNS',
          DomainValidationOptions: [{ HostedZoneId: { Ref: 'OperatorHostedZoneId' } }],
        });
        expect(one(`${name}/edge`, 'AWS::Route53::RecordSet', `${entry}CAA`)).toMatchObject({
          Type: 'CAA',
          ResourceRecords: ['0 issue "amazon.com"'],
        });
      },
    );

    it('wakes somebody 30 days before a certificate ends', () => {
      const watching = all(`${name}/monitoring`, 'AWS::CloudWatch::Alarm').filter(
        ({ MetricName }) => MetricName === 'DaysToExpiry',
      );
      expect(watching).toHaveLength(2);
      for (const alarm of watching) {
        expect(alarm).toMatchObject({ Threshold: 30, ComparisonOperator: 'LessThanThreshold' });
      }
    });
  });

  describe('CloudWatch monitoring', () => {
    const alarmNames = ['alerts', 'edge', 'monitoring'].flatMap((template) => [
      ...all(`${name}/${template}`, 'AWS::CloudWatch::Alarm').map(({ AlarmName }) => String(AlarmName)),
      ...all(`${name}/${template}`, 'AWS::Events::Rule').map((rule) => String(rule.Name)),
    ]);

    it.each([
      'server-errors',
      'entry-unanswered',
      'reporting-unanswered',
      'slow-requests',
      'unhealthy-hosts',
      'too-few-tasks',
      'database-cpu',
      'database-storage',
      'database-connections',
      'database-failover',
      'deep-check',
      'failed-logins',
      'sync-lag',
      'witness-late',
      'deadlines-missed',
      'entry-certificate',
      'reporting-certificate',
      'deployment-failed',
      'backup-failed',
    ])('has an alarm for %s', (alarm) => {
      expect(alarmNames).toContain(`tma-${name}-${alarm}`);
    });

    it('says in every alarm what to do, and mails it', () => {
      for (const template of ['edge', 'monitoring']) {
        for (const alarm of all(`${name}/${template}`, 'AWS::CloudWatch::Alarm')) {
          expect(alarm.AlarmDescription).toContain(`Runbook: ${runbookFile}#`);
          expect(alarm.AlarmActions).toHaveLength(1);
        }
      }
    });

    it('keeps every log encrypted and for a stated time', () => {
      const groups = Object.keys(templates)
        .filter((path) => path.startsWith(`${name}/`))
        .flatMap((path) => all(path, 'AWS::Logs::LogGroup'));
      expect(groups.length).toBeGreaterThan(8);
      for (const group of groups) {
        expect(group.KmsKeyId).toBeDefined();
        expect([3, stage.logDays]).toContain(group.RetentionInDays);
      }
    });

    it('watches figures that the service really writes', () => {
      const watched = all(`${name}/monitoring`, 'AWS::CloudWatch::Alarm')
        .filter(({ Namespace }) => Namespace === names.metrics)
        .map(({ MetricName }) => String(MetricName));
      const filters = all(`${name}/monitoring`, 'AWS::Logs::MetricFilter');
      const counted = filters.map((filter) => String(dig(filter, 'MetricTransformations', 0, 'MetricName')));
      const emitted = projectFile('server/metrics/metrics.ts');
      expect(watched.length).toBeGreaterThan(5);
      for (const metric of watched.filter((each) => !counted.includes(each))) {
        expect(emitted).toMatch(new RegExp(`^  ${metric}: '`, 'm'));
      }
      expect(filters).toMatchObject([
        { LogGroupName: `/tma/${name}/service`, FilterPattern: '{ $.event = "failure" }' },
      ]);
      expect(projectFile('server/http/logging.ts')).toContain("event: 'failure'");
    });

    it('has a dashboard that shows every alarm', () => {
      const body = flat(one(`${name}/monitoring`, 'AWS::CloudWatch::Dashboard').DashboardBody);
      for (const [id] of resourcesOf(`${name}/monitoring`, 'AWS::CloudWatch::Alarm')) {
        expect(body).toContain(`<${id}.Arn>`);
      }
      expect(() => JSON.parse(body)).not.toThrow();
    });
  });
});
