/** What must hold of every template, whatever it is for: who may do what, and who may come in. */
import { describe, expect, it } from 'vitest';
import { namesOf } from './names.ts';
import { stages } from './stages.ts';
import {
  actionsOf,
  all,
  dig,
  flat,
  one,
  resourcesOf,
  rights,
  statementsOf,
  templates,
} from './testing/snapshot.test-support.ts';

const paths = Object.keys(templates);

describe('rights', () => {
  it('are given by policies beside roles, never by a policy of AWS except to AWS Backup', () => {
    for (const path of paths) {
      expect(all(path, 'AWS::IAM::Policy')).toEqual([]);
      for (const [id, role] of resourcesOf(path, 'AWS::IAM::Role')) {
        expect(role.Properties, id).not.toHaveProperty('Policies');
        if (id !== 'BackupRole') expect(role.Properties, id).not.toHaveProperty('ManagedPolicyArns');
      }
    }
  });

  it('to become a role are tied to one service for this account, or to one role of one other account', () => {
    for (const path of paths) {
      for (const [id, role] of resourcesOf(path, 'AWS::IAM::Role')) {
        const trust = statementsOf(role.Properties?.AssumeRolePolicyDocument);
        expect(trust, id).toHaveLength(1);
        expect(trust[0]?.Condition, id).toBeDefined();
        expect(JSON.stringify(trust[0]?.Principal), id).not.toContain('*');
      }
    }
  });

  it.each(stages)('of everything the pipeline makes in $name end at a boundary', (stage) => {
    const boundary = namesOf(stage).boundary;
    for (const name of ['network', 'storage', 'data', 'jobs']) {
      for (const [id, role] of resourcesOf(`${stage.name}/${name}`, 'AWS::IAM::Role')) {
        expect(flat(role.Properties?.PermissionsBoundary), id).toContain(`:policy/${boundary}`);
      }
    }
  });

  it.each(stages)('of the pipeline in $name cannot reach what limits them, nor the keys', (stage) => {
    const { name } = stage;
    const may = rights(`${name}/access`, 'ExecutionRole');
    const reach = may
      .filter(({ Action }) => JSON.stringify(Action).includes('iam:'))
      .flatMap(({ Resource }) => (Array.isArray(Resource) ? Resource : [Resource]))
      .map((resource) => flat(resource).replace(/^.*:/, ''));
    const limits = [
      ...all(`${name}/access`, 'AWS::IAM::Role').map(({ RoleName }) => `role/${RoleName}`),
      `policy/${namesOf(stage).boundary}`,
    ];
    expect(limits).toHaveLength(4);
    for (const pattern of reach) {
      const start = pattern.replace(/\*$/, '');
      expect(
        limits.filter((limit) => limit.startsWith(start)),
        pattern,
      ).toEqual([]);
    }
    const keys = actionsOf(may).filter((action) => action.startsWith('kms:'));
    expect(
      keys.filter((action) => /Put|Create(?!Grant)|Delete|Schedule|Disable|Update/.test(action)),
    ).toEqual([]);
    const making = may.find(({ Action }) => Action.includes('iam:CreateRole'));
    expect(making?.Condition).toMatchObject({
      StringEquals: { 'iam:PermissionsBoundary': { Ref: 'Boundary' } },
    });
  });

  it.each(stages)('of the pipeline in $name do not include deleting a stack', ({ name }) => {
    const may = ['DeployRole', 'ReleaseRole'].flatMap((role) => actionsOf(rights(`${name}/access`, role)));
    expect(may.filter((action) => /Delete|\*/.test(action))).toEqual([]);
    expect(may).not.toContain('ecs:ExecuteCommand');
  });

  it.each(stages)(
    'of the migration in $name are none, and of the service no more than it uses',
    ({ name }) => {
      expect(resourcesOf(`${name}/jobs`, 'AWS::IAM::ManagedPolicy').map(([id]) => id)).not.toContain(
        'MigrateRolePolicy',
      );
      const services = actionsOf(rights(`${name}/jobs`, 'ServiceRole')).map((action) => action.split(':')[0]);
      expect([...new Set(services)].sort()).toEqual(['kms', 's3']);
    },
  );
});

describe('doors', () => {
  it('from the internet are ports 80 and 443 of the load balancers', () => {
    for (const { name } of stages) {
      const open = all(`${name}/network`, 'AWS::EC2::SecurityGroupIngress').filter(
        ({ CidrIp }) => CidrIp !== undefined,
      );
      const doors = open.map(({ GroupId, FromPort, ToPort }) => `${flat(GroupId)} ${FromPort}-${ToPort}`);
      expect(doors.sort()).toEqual([
        '<EntryGroup.GroupId> 443-443',
        '<EntryGroup.GroupId> 80-80',
        '<ReportingGroup.GroupId> 443-443',
        '<ReportingGroup.GroupId> 80-80',
      ]);
    }
  });

  it('of buckets are closed to the public and to connections without TLS 1.2', () => {
    for (const path of paths) {
      const buckets = resourcesOf(path, 'AWS::S3::Bucket');
      expect(resourcesOf(path, 'AWS::S3::BucketPolicy')).toHaveLength(buckets.length);
      for (const [id, bucket] of buckets) {
        expect(dig(bucket.Properties, 'PublicAccessBlockConfiguration', 'RestrictPublicBuckets'), id).toBe(
          true,
        );
        const sids = statementsOf(one(path, 'AWS::S3::BucketPolicy', `${id}Policy`).PolicyDocument).map(
          ({ Sid }) => Sid,
        );
        expect(sids, id).toEqual(expect.arrayContaining(['TlsOnly', 'NoOldTls']));
      }
    }
  });
});
