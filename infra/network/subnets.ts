/**
 * The network: three zones, and in each four kinds of subnet.
 *
 *     entry      public: the load balancer of the laptops, the NAT gateways
 *     reporting  public: the load balancer of the reporting portal and nothing else, without flow logs (S08)
 *     service    private, outgoing through NAT: the tasks and the endpoints of AWS services
 *     data       isolated, no route out of the network: the database
 */
import { Tags } from 'aws-cdk-lib';
import {
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import type { StageConfig } from '../stages.ts';

export const tiers = ['entry', 'reporting', 'service', 'data'] as const;
export type Tier = (typeof tiers)[number];

export interface Subnets {
  readonly vpc: CfnVPC;
  /** One of each tier in each zone, in the order of the zones. */
  readonly of: Readonly<Record<Tier, readonly CfnSubnet[]>>;
  readonly serviceRouteTables: readonly CfnRouteTable[];
}

interface Placed {
  readonly subnet: CfnSubnet;
  readonly routes: CfnRouteTable;
}

export function makeSubnets(scope: Construct, stage: StageConfig): Subnets {
  const vpc = new CfnVPC(scope, 'Vpc', {
    cidrBlock: stage.vpcCidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
  });
  Tags.of(vpc).add('Name', `tma-${stage.name}`);
  acknowledge(vpc, {
    'NIST.800.53.R5-VPCDefaultSecurityGroupClosed':
      'CloudFormation cannot empty the default group without a Lambda function. Nothing uses it (tested), and docs/operations.md empties it once, after the first deployment.',
    'NIST.800.53.R5-VPCFlowLogsEnabled':
      'Flow logs are per subnet, in every subnet but those of the reporting portal, so that nobody can read from them who sent an anonymous report (S08).',
    'AwsSolutions-VPC7':
      'Flow logs are per subnet, in every subnet but those of the reporting portal, so that nobody can read from them who sent an anonymous report (S08).',
  });
  const placed = (tier: Tier) =>
    stage.availabilityZones.map((zone, index) => place(scope, { vpc, stage, tier, zone, index }));
  const all = {
    entry: placed('entry'),
    reporting: placed('reporting'),
    service: placed('service'),
    data: placed('data'),
  };
  openToInternet(scope, vpc, [...all.entry, ...all.reporting]);
  const gateways = natGateways(scope, all.entry.slice(0, stage.natGateways));
  all.service.forEach(({ routes }, index) => {
    const gateway = gateways[index] ?? gateways[0];
    if (gateway === undefined) return;
    new CfnRoute(scope, `ServiceOut${index + 1}`, {
      routeTableId: routes.ref,
      destinationCidrBlock: '0.0.0.0/0',
      natGatewayId: gateway.ref,
    });
  });
  const subnetsOf = (tier: Tier) => all[tier].map(({ subnet }) => subnet);
  return {
    vpc,
    of: {
      entry: subnetsOf('entry'),
      reporting: subnetsOf('reporting'),
      service: subnetsOf('service'),
      data: subnetsOf('data'),
    },
    serviceRouteTables: all.service.map(({ routes }) => routes),
  };
}

interface Place {
  readonly vpc: CfnVPC;
  readonly stage: StageConfig;
  readonly tier: Tier;
  readonly zone: string;
  readonly index: number;
}

function place(scope: Construct, { vpc, stage, tier, zone, index }: Place): Placed {
  const id = `${tier.charAt(0).toUpperCase()}${tier.slice(1)}${index + 1}`;
  const [a, b] = stage.vpcCidr.split('.');
  const subnet = new CfnSubnet(scope, id, {
    vpcId: vpc.ref,
    availabilityZone: zone,
    cidrBlock: `${a}.${b}.${tiers.indexOf(tier) * 16 + index}.0/24`,
    mapPublicIpOnLaunch: false,
  });
  acknowledge(subnet, {
    'CloudFormation-Validate::W3010':
      'Zones are named so that subnets stay where they are when AWS adds a zone to the region.',
  });
  Tags.of(subnet).add('Name', `tma-${stage.name}-${tier}-${zone}`);
  Tags.of(subnet).add('tma:tier', tier);
  const routes = new CfnRouteTable(scope, `${id}Routes`, { vpcId: vpc.ref });
  new CfnSubnetRouteTableAssociation(scope, `${id}RoutesOf`, {
    subnetId: subnet.ref,
    routeTableId: routes.ref,
  });
  return { subnet, routes };
}

function openToInternet(scope: Construct, vpc: CfnVPC, subnets: readonly Placed[]): void {
  const gateway = new CfnInternetGateway(scope, 'InternetGateway');
  const attached = new CfnVPCGatewayAttachment(scope, 'InternetGatewayOfVpc', {
    vpcId: vpc.ref,
    internetGatewayId: gateway.ref,
  });
  for (const { subnet, routes } of subnets) {
    const route = new CfnRoute(scope, `${subnet.node.id}Out`, {
      routeTableId: routes.ref,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.ref,
    });
    route.addResourceDependency(attached);
    acknowledge(route, {
      'NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW':
        'A public subnet: only load balancers and NAT gateways are in it.',
    });
  }
}

function natGateways(scope: Construct, entries: readonly Placed[]): readonly CfnNatGateway[] {
  return entries.map(({ subnet }, index) => {
    const address = new CfnEIP(scope, `NatAddress${index + 1}`, { domain: 'vpc' });
    return new CfnNatGateway(scope, `Nat${index + 1}`, {
      subnetId: subnet.ref,
      allocationId: address.attrAllocationId,
    });
  });
}
