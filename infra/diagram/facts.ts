/** What the picture says, read from the templates; a template that no longer has it stops the drawing. */
import { dig, resource, resourcesOf } from '../snapshot/query.ts';
import type { Templates } from '../snapshot/template.ts';

/** Facts about one stage, as short lines of text. */
export type Facts = ReturnType<typeof factsOf>;

export function factsOf(templates: Templates, stage: string) {
  const at = (name: string) => (name.includes('/') ? name : `${stage}/${name}`);
  const get = (name: string, ...what: readonly [string, string?]) => resource(templates, at(name), what);
  const count = (name: string, type: string) => resourcesOf(templates, at(name), type).length;
  return {
    network: network(get),
    entry: entry(get, 'Entry'),
    reporting: entry(get, 'Reporting'),
    service: service(get, templates[at('service')]?.Parameters?.DesiredCount),
    jobs: resourcesOf(templates, at('jobs'), 'AWS::ECS::TaskDefinition').map(([id]) => id.toLowerCase()),
    endpoints: count('network', 'AWS::EC2::VPCEndpoint'),
    nats: count('network', 'AWS::EC2::NatGateway'),
    flowLogs: count('network', 'AWS::EC2::FlowLog'),
    database: database(get),
    // One more is only there to be tried.
    keys: count('keys', 'AWS::KMS::Key') - 1,
    settings: count('jobs', 'AWS::SSM::Parameter') + count('data', 'AWS::SSM::Parameter'),
    alarms: count('monitoring', 'AWS::CloudWatch::Alarm') + count('edge', 'AWS::CloudWatch::Alarm'),
    events: count('alerts', 'AWS::Events::Rule'),
    backups: backups(get),
    witnessYears: Number(
      dig(get('witness', 'AWS::S3::Bucket'), 'ObjectLockConfiguration', 'Rule', 'DefaultRetention', 'Years'),
    ),
    copyMinutes: Number(
      dig(
        get('storage', 'AWS::S3::Bucket', 'Evidence'),
        'ReplicationConfiguration',
        'Rules',
        0,
        'Destination',
        'ReplicationTime',
        'Time',
        'Minutes',
      ),
    ),
  };
}

type Get = (name: string, ...what: readonly [string, string?]) => Readonly<Record<string, unknown>>;

function network(get: Get) {
  const zones = ['Service1', 'Service2', 'Service3'].map((id) =>
    String(get('network', 'AWS::EC2::Subnet', id).AvailabilityZone),
  );
  return {
    cidr: String(get('network', 'AWS::EC2::VPC').CidrBlock),
    zones,
    region: (zones[0] ?? '').slice(0, -1),
  };
}

function entry(get: Get, id: 'Entry' | 'Reporting') {
  const policy = String(get('edge', 'AWS::ElasticLoadBalancingV2::Listener', `${id}Https`).SslPolicy);
  const balancer = get('edge', 'AWS::ElasticLoadBalancingV2::LoadBalancer', id);
  const attributes = balancer.LoadBalancerAttributes as readonly { Key: string; Value: string }[]; // of a load balancer
  const targets = get('edge', 'AWS::ElasticLoadBalancingV2::TargetGroup', `${id}Targets`);
  const firewall = get('edge', 'AWS::WAFv2::WebACL', `${id}Firewall`).Rules;
  return {
    tls: policy.includes('TLS13-1-3') ? 'TLS 1.3' : 'TLS 1.2 and 1.3',
    isLogged: attributes.some(({ Key, Value }) => Key === 'access_logs.s3.enabled' && Value === 'true'),
    check: `${targets.HealthCheckPath} every ${targets.HealthCheckIntervalSeconds} s`,
    firewallRules: Array.isArray(firewall) ? firewall.length : 0,
  };
}

function service(get: Get, desired: Readonly<Record<string, unknown>> | undefined) {
  const task = get('service', 'AWS::ECS::TaskDefinition');
  const deployment = get('service', 'AWS::ECS::Service').DeploymentConfiguration;
  const scaling = get('service', 'AWS::ApplicationAutoScaling::ScalableTarget');
  return {
    tasks: `${Number(desired?.Default)} to ${scaling.MaxCapacity} tasks`,
    size: `${Number(task.Cpu) / 1_024} vCPU, ${Number(task.Memory) / 1_024} GiB each`,
    update: `${dig(deployment, 'MinimumHealthyPercent')} % … ${dig(deployment, 'MaximumPercent')} %`,
  };
}

function database(get: Get) {
  const found = get('data', 'AWS::RDS::DBInstance');
  return {
    version: `PostgreSQL ${found.EngineVersion}`,
    size: `${found.DBInstanceClass}, ${found.AllocatedStorage} to ${found.MaxAllocatedStorage} GiB`,
    standby: found.MultiAZ === true,
    days: Number(found.BackupRetentionPeriod),
    recoveryRegion: String(found.AutomaticBackupReplicationRegion),
  };
}

function backups(get: Get) {
  const lock = get('data', 'AWS::Backup::BackupVault').LockConfiguration;
  return {
    days: Number(dig(lock, 'MinRetentionDays')),
    lock: dig(lock, 'ChangeableForDays') === undefined ? 'governance lock' : 'compliance lock',
  };
}
