/** What the design adds to what was asked for, each under its own name, in the templates that are deployed. */
import { describe, expect, it } from 'vitest';
import { namesOf, portalPaths } from './names.ts';
import { tiers } from './network/subnets.ts';
import { stages } from './stages.ts';
import { all, dig, flat, one, resourcesOf, templates } from './testing/snapshot.test-support.ts';

describe.each(stages)('$name', (stage) => {
  const { name } = stage;
  const names = namesOf(stage);
  const subnets = resourcesOf(`${name}/network`, 'AWS::EC2::Subnet');
  const inTier = (tier: string) =>
    subnets.filter(([id]) => id.toLowerCase().startsWith(tier)).map(([id]) => id);
  const routesOf = (subnet: string) =>
    all(`${name}/network`, 'AWS::EC2::Route').filter(
      ({ RouteTableId }) => flat(RouteTableId) === `<${subnet}Routes>`,
    );

  describe('three AZs', () => {
    it.each(tiers)('has the tier %s in each, with addresses of its own', (tier) => {
      const zones = subnets
        .filter(([id]) => inTier(tier).includes(id))
        .map(([, subnet]) => subnet.Properties?.AvailabilityZone);
      expect(zones).toEqual(stage.availabilityZones);
      const addresses = subnets.map(([, subnet]) => subnet.Properties?.CidrBlock);
      expect(new Set(addresses).size).toBe(12);
    });

    it('puts tasks, load balancers and the database into all of them', () => {
      expect(
        dig(
          one(`${name}/service`, 'AWS::ECS::Service'),
          'NetworkConfiguration',
          'AwsvpcConfiguration',
          'Subnets',
        ),
      ).toHaveLength(3);
      for (const balancer of all(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::LoadBalancer')) {
        expect(balancer.Subnets).toHaveLength(3);
      }
      expect(one(`${name}/data`, 'AWS::RDS::DBSubnetGroup').SubnetIds).toHaveLength(3);
    });
  });

  describe('isolated data subnets', () => {
    it('have no route out of the network, and the others the one they need', () => {
      for (const subnet of inTier('data')) expect(routesOf(subnet)).toEqual([]);
      for (const subnet of inTier('service')) expect(routesOf(subnet)).toMatchObject([{ NatGatewayId: {} }]);
      for (const subnet of inTier('entry')) expect(routesOf(subnet)).toMatchObject([{ GatewayId: {} }]);
    });

    it('let in the tasks and nobody else, and let nothing out', () => {
      const rules = all(`${name}/network`, 'AWS::EC2::SecurityGroupIngress');
      const intoDatabase = rules.filter(({ GroupId }) => flat(GroupId) === '<DatabaseGroup.GroupId>');
      expect(intoDatabase).toMatchObject([{ FromPort: 5433, ToPort: 5433 }]);
      expect(flat(intoDatabase[0]?.SourceSecurityGroupId)).toBe('<TaskGroup.GroupId>');
      const out = all(`${name}/network`, 'AWS::EC2::SecurityGroupEgress');
      expect(out.filter(({ GroupId }) => flat(GroupId) === '<DatabaseGroup.GroupId>')).toEqual([]);
    });

    it('leave no interface in the default security group', () => {
      const users = JSON.stringify(Object.entries(templates).filter(([path]) => path.startsWith(`${name}/`)));
      expect(users).not.toContain('DefaultSecurityGroup');
      for (const endpoint of all(`${name}/network`, 'AWS::EC2::VPCEndpoint')) {
        if (endpoint.VpcEndpointType === 'Interface') expect(endpoint.SecurityGroupIds).toHaveLength(1);
      }
    });
  });

  describe('VPC endpoints', () => {
    it('reach every service of AWS that tasks use, for identities of this account alone', () => {
      const endpoints = all(`${name}/network`, 'AWS::EC2::VPCEndpoint');
      const services = endpoints.map(({ ServiceName }) =>
        String(ServiceName).replace(`com.amazonaws.${stage.region}.`, ''),
      );
      expect(services.sort()).toEqual(['ecr.api', 'ecr.dkr', 'kms', 'logs', 's3', 'secretsmanager', 'ssm']);
      for (const endpoint of endpoints) {
        expect(dig(endpoint, 'PolicyDocument', 'Statement', 0, 'Condition')).toEqual({
          StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
        });
      }
    });

    it('and names that are not allowed do not resolve', () => {
      const rules = dig(
        one(`${name}/network`, 'AWS::Route53Resolver::FirewallRuleGroup'),
        'FirewallRules',
      ) as readonly {
        Action: string;
        Priority: number;
      }[]; // of a rule group
      expect([...rules].sort((a, b) => a.Priority - b.Priority).map(({ Action }) => Action)).toEqual([
        'ALLOW',
        'ALLOW',
        'BLOCK',
      ]);
    });
  });

  describe('flow logs', () => {
    it('are written of every subnet but those of the reporting portal', () => {
      const watched = all(`${name}/network`, 'AWS::EC2::FlowLog').map(({ ResourceId }) =>
        flat(ResourceId).slice(1, -1),
      );
      expect(watched.sort()).toEqual([...inTier('entry'), ...inTier('service'), ...inTier('data')].sort());
    });
  });

  describe('S08 an anonymous reporter leaves no address', () => {
    it('neither in an access log, nor in the log or the samples of the firewall', () => {
      const balancer = one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Reporting');
      expect(balancer.LoadBalancerAttributes).toContainEqual({
        Key: 'access_logs.s3.enabled',
        Value: 'false',
      });
      const firewall = JSON.stringify(one(`${name}/edge`, 'AWS::WAFv2::WebACL', 'ReportingFirewall'));
      expect(firewall).not.toContain('"SampledRequestsEnabled":true');
      const logged = all(`${name}/edge`, 'AWS::WAFv2::LoggingConfiguration').map(({ ResourceArn }) =>
        flat(ResourceArn),
      );
      expect(logged).toEqual(['<EntryFirewall.Arn>']);
    });

    it('and cannot come in through the entry that is logged', () => {
      const rule = (entry: string) =>
        one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::ListenerRule', `${entry}PortalRule`);
      for (const entry of ['Entry', 'Reporting']) {
        expect(dig(rule(entry), 'Conditions', 0, 'PathPatternConfig', 'Values')).toEqual(portalPaths);
      }
      expect(dig(rule('Entry'), 'Actions', 0, 'FixedResponseConfig', 'StatusCode')).toBe('404');
      expect(dig(rule('Reporting'), 'Actions', 0, 'Type')).toBe('forward');
      const listener = one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::Listener', 'ReportingHttps');
      expect(dig(listener, 'DefaultActions', 0, 'FixedResponseConfig', 'StatusCode')).toBe('404');
    });

    it('and may come through Tor or a shared address', () => {
      const rules = JSON.stringify(one(`${name}/edge`, 'AWS::WAFv2::WebACL', 'ReportingFirewall').Rules);
      expect(rules).not.toMatch(/AnonymousIpList|IpReputationList/);
    });

    it('and what is said in a report or a case is never a reason to refuse it', () => {
      for (const firewall of all(`${name}/edge`, 'AWS::WAFv2::WebACL')) {
        const rules = firewall.Rules as readonly Record<string, unknown>[]; // of a web ACL
        const common = rules.find(({ Name }) => Name === 'AWSManagedRulesCommonRuleSet');
        const counted = dig(common, 'Statement', 'ManagedRuleGroupStatement', 'RuleActionOverrides') as {
          Name: string;
          ActionToUse: unknown;
        }[]; // of a rule
        expect(counted.map(({ Name }) => Name)).toEqual(
          expect.arrayContaining(['SizeRestrictions_BODY', 'CrossSiteScripting_BODY']),
        );
        for (const { ActionToUse } of counted) expect(ActionToUse).toEqual({ Count: {} });
      }
    });
  });

  describe('backup vault with lock', () => {
    it.each(['data', 'recovery'])(
      'keeps backups in %s that nobody can delete before their time',
      (template) => {
        const vault = one(`${name}/${template}`, 'AWS::Backup::BackupVault');
        expect(vault.LockConfiguration).toMatchObject({ MinRetentionDays: 35 });
        expect(dig(vault, 'LockConfiguration', 'ChangeableForDays')).toBe(
          stage.backupLock === 'compliance' ? 14 : undefined,
        );
        expect(dig(vault, 'AccessPolicy', 'Statement', 0)).toMatchObject({ Effect: 'Deny' });
      },
    );

    it('makes one every night and copies it to the other region', () => {
      const rule = dig(one(`${name}/data`, 'AWS::Backup::BackupPlan'), 'BackupPlan', 'BackupPlanRule', 0);
      expect(rule).toMatchObject({
        ScheduleExpression: 'cron(0 3 * * ? *)',
        Lifecycle: { DeleteAfterDays: 35 },
      });
      expect(flat(dig(rule, 'CopyActions', 0, 'DestinationBackupVaultArn'))).toContain(
        `:${stage.recoveryRegion}:<AWS::AccountId>:backup-vault:${names.recoveryVault}`,
      );
    });
  });

  describe('S3 evidence bucket', () => {
    const bucket = one(`${name}/storage`, 'AWS::S3::Bucket', 'Evidence');

    it('is encrypted, versioned, closed to the public, and copied to the other region', () => {
      expect(bucket).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      });
      expect(flat(dig(bucket, 'ReplicationConfiguration', 'Rules', 0, 'Destination', 'Bucket'))).toContain(
        'evidence-replica',
      );
    });

    it('refuses another key than its own, and takes what asks for none', () => {
      const statements = dig(
        one(`${name}/storage`, 'AWS::S3::BucketPolicy', 'EvidencePolicy'),
        'PolicyDocument',
        'Statement',
      ) as readonly {
        Sid: string;
        Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      }[]; // of a bucket policy
      for (const sid of ['OnlyKms', 'OnlyOurKey']) {
        const condition = statements.find(({ Sid }) => Sid === sid)?.Condition;
        const [asked] = Object.keys(condition?.StringNotEquals ?? {});
        expect(condition?.Null).toEqual({ [asked ?? '']: 'false' });
      }
    });

    it('has an object lock only where nothing may ever be erased: the witness', () => {
      expect(bucket).not.toHaveProperty('ObjectLockEnabled');
      expect(one(`${name}/witness`, 'AWS::S3::Bucket')).toMatchObject({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          Rule: {
            DefaultRetention: {
              Mode: stage.backupLock === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
              Years: stage.witnessYears,
            },
          },
        },
      });
    });
  });

  describe('autoscaling on requests and CPU', () => {
    it('goes from two tasks to what the database can take', () => {
      expect(one(`${name}/service`, 'AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({
        MinCapacity: 2,
        MaxCapacity: stage.task.most,
      });
      const followed = all(`${name}/service`, 'AWS::ApplicationAutoScaling::ScalingPolicy').map((policy) =>
        dig(
          policy,
          'TargetTrackingScalingPolicyConfiguration',
          'PredefinedMetricSpecification',
          'PredefinedMetricType',
        ),
      );
      expect(followed.sort()).toEqual(['ALBRequestCountPerTarget', 'ECSServiceAverageCPUUtilization']);
    });
  });
});

describe('GuardDuty', () => {
  it('watches calls, attachments, logins to the database and what runs in tasks, and wakes somebody', () => {
    const detector = one('account', 'AWS::GuardDuty::Detector');
    const features = detector.Features as readonly { Name: string; Status: string }[]; // of a detector
    expect(features.map(({ Name }) => Name)).toEqual([
      'S3_DATA_EVENTS',
      'RDS_LOGIN_EVENTS',
      'RUNTIME_MONITORING',
    ]);
    expect(dig(one('account', 'AWS::Events::Rule', 'Finding'), 'EventPattern', 'source')).toEqual([
      'aws.guardduty',
    ]);
  });

  it('stands beside a trail that is validated, encrypted and cannot be rewritten', () => {
    expect(one('account', 'AWS::CloudTrail::Trail')).toMatchObject({
      EnableLogFileValidation: true,
      IsMultiRegionTrail: true,
    });
    expect(one('account', 'AWS::S3::Bucket')).toMatchObject({ ObjectLockEnabled: true });
  });
});

describe('second tenant without a second stack', () => {
  it('names no tenant in any template: its key is found by alias, its rows by the database', () => {
    const ids = Object.values(templates).flatMap(({ Resources }) => Object.keys(Resources));
    expect(ids.filter((id) => /tenant/i.test(id))).toEqual([
      'SettingTenantKeyAlias',
      'SettingTenantKeyAlias',
    ]);
    const text = JSON.stringify(templates);
    expect(text.replaceAll('/tenant/probe', '')).not.toMatch(/alias\/tma\/\w+\/tenant\/[^*"]/);
  });

  it('lets its identity provider be looked up by changing a parameter', () => {
    for (const { name } of stages) {
      const lists = resourcesOf(`${name}/network`, 'AWS::Route53Resolver::FirewallDomainList');
      expect(lists.find(([id]) => id === 'AllowedDomains')?.[1].Properties?.Domains).toEqual({
        Ref: 'OperatorAllowedDomains',
      });
    }
  });
});
