import {
  CfnSecurityGroup,
  CfnSecurityGroupEgress,
  CfnSecurityGroupIngress,
  type CfnVPC,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { databasePort, servicePort } from '../names.ts';

export interface SecurityGroups {
  readonly entry: CfnSecurityGroup;
  readonly reporting: CfnSecurityGroup;
  readonly task: CfnSecurityGroup;
  readonly database: CfnSecurityGroup;
  readonly endpoint: CfnSecurityGroup;
}

/**
 * Who may talk to whom, and nobody else:
 *
 *     internet → entry, reporting → task → database
 *                                   task → endpoints of AWS services, and HTTPS to names that DNS lets through
 */
export function makeSecurityGroups(scope: Construct, vpc: CfnVPC): SecurityGroups {
  const group = (id: string, description: string) =>
    // An empty list would mean "everything": CloudFormation then leaves the default rule in place.
    new CfnSecurityGroup(scope, id, {
      vpcId: vpc.ref,
      groupDescription: description,
      securityGroupEgress: [nowhere],
    });
  const made = {
    entry: group('EntryGroup', 'Load balancer of the laptops'),
    reporting: group('ReportingGroup', 'Load balancer of the reporting portal'),
    task: group('TaskGroup', 'Tasks of the service and one-off tasks'),
    database: group('DatabaseGroup', 'PostgreSQL'),
    endpoint: group('EndpointGroup', 'Private endpoints of AWS services'),
  };
  fromInternet(scope, made.entry);
  fromInternet(scope, made.reporting);
  connect(scope, { from: made.entry, to: made.task, port: servicePort });
  connect(scope, { from: made.reporting, to: made.task, port: servicePort });
  connect(scope, { from: made.task, to: made.database, port: databasePort });
  connect(scope, { from: made.task, to: made.endpoint, port: 443 });
  new CfnSecurityGroupEgress(scope, 'TaskToHttps', {
    groupId: made.task.attrGroupId,
    ipProtocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    cidrIp: '0.0.0.0/0',
    description: 'Identity providers and S3; the DNS firewall decides which names resolve',
  });
  return made;
}

const nowhere = {
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  cidrIp: '255.255.255.255/32',
  description: 'Nothing: replaces the default rule that allows everything',
};

function fromInternet(scope: Construct, group: CfnSecurityGroup): void {
  for (const port of [80, 443]) {
    const rule = new CfnSecurityGroupIngress(scope, `${group.node.id}From${port}`, {
      groupId: group.attrGroupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      cidrIp: '0.0.0.0/0',
      description: port === 80 ? 'Redirected to HTTPS' : 'HTTPS',
    });
    acknowledge(rule, {
      'AwsSolutions-EC23':
        'Laptops and reporters come from anywhere; a web application firewall stands behind this, and every request of a laptop proves its device.',
    });
  }
}

interface Connection {
  readonly from: CfnSecurityGroup;
  readonly to: CfnSecurityGroup;
  readonly port: number;
}

function connect(scope: Construct, { from, to, port }: Connection): void {
  const id = `${from.node.id.replace('Group', '')}To${to.node.id.replace('Group', '')}`;
  const rule = { ipProtocol: 'tcp', fromPort: port, toPort: port };
  new CfnSecurityGroupEgress(scope, id, {
    ...rule,
    groupId: from.attrGroupId,
    destinationSecurityGroupId: to.attrGroupId,
  });
  new CfnSecurityGroupIngress(scope, `${id}In`, {
    ...rule,
    groupId: to.attrGroupId,
    sourceSecurityGroupId: from.attrGroupId,
  });
}
