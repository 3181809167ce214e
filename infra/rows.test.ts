/** Every row of what the operator asked for, each under its own name, in the templates that are deployed. */
import { describe, expect, it } from 'vitest';
import { namesOf } from './names.ts';
import { stages } from './stages.ts';
import {
  all,
  dig,
  flat,
  one,
  projectFile,
  resourcesOf,
  rights,
  templateOf,
  templates,
} from './testing/snapshot.test-support.ts';

describe.each(stages)('$name', (stage) => {
  const { name } = stage;
  const names = namesOf(stage);
  const container = (template: string, task: string) =>
    dig(one(`${name}/${template}`, 'AWS::ECS::TaskDefinition', task), 'ContainerDefinitions', 0);

  describe('Containerised web application on Amazon ECS, Docker', () => {
    it('runs on Fargate, in private subnets, without a way to log in', () => {
      const service = one(`${name}/service`, 'AWS::ECS::Service');
      expect(service).toMatchObject({
        LaunchType: 'FARGATE',
        EnableExecuteCommand: false,
        NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      });
      expect(one(`${name}/service`, 'AWS::ECS::TaskDefinition')).toMatchObject({
        RequiresCompatibilities: ['FARGATE'],
        NetworkMode: 'awsvpc',
      });
    });

    it.each([
      ['service', 'Task'],
      ['jobs', 'Migrate'],
      ['jobs', 'Admin'],
    ])(
      'runs in %s the container of %s as nobody, on a read-only disk, without rights of the kernel',
      (at, task) => {
        expect(container(at, task)).toMatchObject({
          User: '65532:65532',
          ReadonlyRootFilesystem: true,
          Privileged: false,
          LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
          StopTimeout: 90,
          Image: { Ref: 'ImageUri' },
        });
        expect(dig(templateOf(`${name}/${at}`).Parameters, 'ImageUri', 'AllowedPattern')).toMatch(/@sha256:/);
      },
    );

    it('starts programs that are in the image, with the Node that is in it', () => {
      const image = projectFile('server/Dockerfile');
      expect(image).toMatch(/^ENTRYPOINT \["node"\]$/m);
      expect(image).toMatch(/^USER 65532:65532$/m);
      for (const task of ['Migrate', 'Admin']) {
        const [program] = dig(container('jobs', task), 'Command') as readonly string[]; // of a task definition
        expect(image).toContain(program);
      }
      expect(container('service', 'Task')).not.toHaveProperty('Command');
    });

    it('asks the container for its health, over TLS', () => {
      const command = dig(container('service', 'Task'), 'HealthCheck', 'Command');
      expect(command).toEqual([
        'CMD',
        'node',
        '-e',
        expect.stringMatching(/^require\('node:https'\).*\/healthz/),
      ]);
    });
  });

  describe('Rolling update: desired 2 tasks, maximum 200 %, old stopped only after new is healthy, zero downtime', () => {
    const service = one(`${name}/service`, 'AWS::ECS::Service');

    it('wants two tasks, unless scaling has reached more', () => {
      expect(service.DesiredCount).toEqual({ Ref: 'DesiredCount' });
      expect(templateOf(`${name}/service`).Parameters?.DesiredCount).toMatchObject({
        Default: 2,
        MinValue: 2,
      });
    });

    it('keeps 100 % and goes to 200 %, stops at a failing version, and goes back', () => {
      expect(service.DeploymentConfiguration).toMatchObject({
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        Alarms: { Enable: true, Rollback: true, AlarmNames: names.rollbackAlarms },
      });
    });

    it('names rollback alarms that exist before the service does', () => {
      const made = all(`${name}/edge`, 'AWS::CloudWatch::Alarm').map((alarm) => alarm.AlarmName);
      expect(made).toEqual(expect.arrayContaining([...names.rollbackAlarms]));
      expect(JSON.stringify(service)).toContain(`tma-${name}-edge:`);
    });

    it('has room in the database for twice the most tasks there can be', () => {
      const listener = 1;
      const forPeopleAndRds = 20;
      const most = 2 * stage.task.most * (stage.task.poolSize + listener) + forPeopleAndRds;
      expect(most).toBeLessThan(stage.database.maxConnections);
    });
  });

  describe('Application Load Balancer with health checks', () => {
    const entries = [
      ['Entry', 'ELBSecurityPolicy-TLS13-1-3-2021-06'],
      ['Reporting', 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06'],
    ] as const;

    it.each(entries)('ends TLS 1.3 at the entry %s and redirects HTTP', (entry, policy) => {
      expect(one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::Listener', `${entry}Https`)).toMatchObject({
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: policy,
        Certificates: [{ CertificateArn: { Ref: `${entry}Certificate` } }],
      });
      expect(one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::Listener', `${entry}Http`)).toMatchObject({
        Port: 80,
        DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
      });
    });

    it.each(entries)(
      'asks tasks behind the entry %s every 10 s for 5 s, and believes two answers',
      (entry) => {
        const targets = one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::TargetGroup', `${entry}Targets`);
        expect(targets).toMatchObject({
          Protocol: 'HTTPS',
          HealthCheckPath: '/readyz',
          HealthCheckIntervalSeconds: 10,
          HealthCheckTimeoutSeconds: 5,
          HealthyThresholdCount: 2,
          UnhealthyThresholdCount: 2,
        });
        expect(targets.TargetGroupAttributes).toContainEqual({
          Key: 'deregistration_delay.timeout_seconds',
          Value: '60',
        });
      },
    );

    it.each(entries)('drops invalid headers and cannot be deleted by mistake: %s', (entry) => {
      const balancer = one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::LoadBalancer', entry);
      expect(balancer.LoadBalancerAttributes).toEqual(
        expect.arrayContaining([
          { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
          { Key: 'deletion_protection.enabled', Value: 'true' },
          { Key: 'idle_timeout.timeout_seconds', Value: '60' },
        ]),
      );
    });

    it('writes access logs of laptops', () => {
      const balancer = one(`${name}/edge`, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'Entry');
      expect(balancer.LoadBalancerAttributes).toContainEqual({
        Key: 'access_logs.s3.enabled',
        Value: 'true',
      });
      const policy = one(`${name}/storage`, 'AWS::S3::BucketPolicy', 'AccessLogsPolicy');
      expect(JSON.stringify(policy)).toContain('logdelivery.elasticloadbalancing.amazonaws.com');
    });

    it.each(entries)(
      'stands behind a web application firewall with managed rules and a limit: %s',
      (entry) => {
        const firewall = one(`${name}/edge`, 'AWS::WAFv2::WebACL', `${entry}Firewall`);
        const rules = JSON.stringify(firewall.Rules);
        expect(rules).toContain('AWSManagedRulesCommonRuleSet');
        expect(rules).toContain('AWSManagedRulesKnownBadInputsRuleSet');
        expect(rules).toContain('RateBasedStatement');
        expect(
          one(`${name}/edge`, 'AWS::WAFv2::WebACLAssociation', `${entry}FirewallOf`).ResourceArn,
        ).toEqual({
          Ref: entry,
        });
      },
    );

    it('lets the service end connections later than itself, so that none breaks in between', () => {
      const timing = projectFile('server/timing.ts');
      const seconds = (constant: string) =>
        Number(new RegExp(`${constant} = ([\\d_]+)`).exec(timing)?.[1]?.replaceAll('_', '')) / 1_000;
      expect(seconds('loadBalancerIdleMs')).toBe(60);
      expect(seconds('keepAliveTimeoutMs')).toBeGreaterThan(60);
      expect(seconds('headersTimeoutMs')).toBeGreaterThan(seconds('keepAliveTimeoutMs'));
      expect(seconds('longestWaitMs')).toBeLessThan(60);
      expect(seconds('stopTimeoutMs')).toBe(90);
      // A task answers on until the load balancer has noticed: two checks that fail, 10 s apart, or its own word.
      expect(seconds('drainMs')).toBeGreaterThanOrEqual(10);
      expect(seconds('drainMs') + seconds('longestWaitMs')).toBeLessThan(90);
    });
  });

  describe('RDS PostgreSQL multi-AZ, failover', () => {
    const database = one(`${name}/data`, 'AWS::RDS::DBInstance');

    it('stands by in a second zone, encrypted, protected, with 35 days to go back to', () => {
      expect(database).toMatchObject({
        Engine: 'postgres',
        MultiAZ: true,
        StorageEncrypted: true,
        PubliclyAccessible: false,
        DeletionProtection: true,
        BackupRetentionPeriod: 35,
        AutomaticBackupReplicationRegion: stage.recoveryRegion,
      });
      expect(resourcesOf(`${name}/data`, 'AWS::RDS::DBInstance')[0]?.[1]).toMatchObject({
        DeletionPolicy: 'Snapshot',
        UpdateReplacePolicy: 'Snapshot',
      });
    });

    it('refuses connections without TLS, and the service checks whom it talks to', () => {
      expect(dig(one(`${name}/data`, 'AWS::RDS::DBParameterGroup'), 'Parameters')).toMatchObject({
        'rds.force_ssl': '1',
        ssl_min_protocol_version: 'TLSv1.2',
      });
      const address = one(`${name}/jobs`, 'AWS::SSM::Parameter', 'SettingDatabaseUrl').Value;
      expect(flat(address)).toMatch(/sslmode=verify-full$/);
    });

    it('has an owner whose password RDS makes and rotates, and people who sign in with AWS', () => {
      expect(database).toMatchObject({
        ManageMasterUserPassword: true,
        EnableIAMDatabaseAuthentication: true,
      });
      expect(database).not.toHaveProperty('MasterUserPassword');
      expect(database.MasterUserSecret).toHaveProperty('KmsKeyId');
    });

    it('measures its operating system, and logs nothing of what cases say', () => {
      expect(database).toMatchObject({
        MonitoringInterval: 15,
        EnableCloudwatchLogsExports: ['postgresql', 'upgrade'],
      });
      expect(dig(one(`${name}/data`, 'AWS::RDS::DBParameterGroup'), 'Parameters')).toMatchObject({
        log_parameter_max_length: '0',
        log_parameter_max_length_on_error: '0',
        log_error_verbosity: 'terse',
        log_statement: 'none',
      });
    });

    it('wakes somebody when it fails over', () => {
      const rule = one(`${name}/alerts`, 'AWS::Events::Rule', 'DatabaseFailover');
      expect(dig(rule, 'EventPattern', 'detail', 'EventID')).toContain('RDS-EVENT-0049');
    });
  });

  describe('SSM Parameter Store for passwords and parameters', () => {
    const tasks = [
      ['service', 'Task'],
      ['jobs', 'Migrate'],
      ['jobs', 'Admin'],
    ] as const;

    it.each(tasks)(
      'gives everything to tasks when they start, and nothing in the task definition: %s %s',
      (at, task) => {
        expect(container(at, task)).not.toHaveProperty('Environment');
        const secrets = dig(container(at, task), 'Secrets') as readonly {
          Name: string;
          ValueFrom: unknown;
        }[]; // of a task definition
        expect(secrets.length).toBeGreaterThan(3);
        for (const { ValueFrom } of secrets) {
          expect(flat(ValueFrom)).toMatch(
            new RegExp(`:parameter/tma/${name}/|^<OwnerSecret>:(username|password)::$`),
          );
        }
      },
    );

    it.each(tasks)('names nothing that the program does not know: %s %s', (at, task) => {
      const known = projectFile('server/environment.ts');
      const secrets = dig(container(at, task), 'Secrets') as readonly { Name: string }[]; // of a task definition
      for (const { Name } of secrets) expect(known).toMatch(new RegExp(`\\b${Name.replace('TMA_', '')}\\b`));
    });

    it('makes no encrypted parameter in a template, and writes no password into a plain one', () => {
      const made = all(`${name}/jobs`, 'AWS::SSM::Parameter');
      expect(made.map(({ Type }) => Type)).toEqual(made.map(() => 'String'));
      for (const { Name } of made) expect(Name).not.toMatch(/password|signing|secret/);
      expect(JSON.stringify(templates)).not.toMatch(/resolve:ssm-secure|"NoEcho"/);
    });

    it('lets the service read the settings of its stage, and the owner’s password only the migration', () => {
      const service = JSON.stringify(rights(`${name}/jobs`, 'ServiceExecutionRole'));
      expect(service).not.toContain('secretsmanager');
      expect(JSON.stringify(rights(`${name}/jobs`, 'MigrateExecutionRole'))).toContain(
        'secretsmanager:GetSecretValue',
      );
    });
  });
});
