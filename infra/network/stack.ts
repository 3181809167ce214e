import { CfnFlowLog, type CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { logGroup } from '../kit/logs.ts';
import { listFromOperator } from '../kit/parameters.ts';
import { forThisAccount, role } from '../kit/roles.ts';
import { StageStack } from '../kit/stack.ts';
import type { StageConfig } from '../stages.ts';
import { makeDnsFirewall } from './dnsFirewall.ts';
import { makeEndpoints } from './endpoints.ts';
import { makeSecurityGroups, type SecurityGroups } from './securityGroups.ts';
import { makeSubnets, type Subnets } from './subnets.ts';

interface NetworkProps {
  readonly stage: StageConfig;
  readonly logsKeyArn: string;
}

export class NetworkStack extends StageStack {
  readonly subnets: Subnets;
  readonly groups: SecurityGroups;

  constructor(scope: Construct, { stage, logsKeyArn }: NetworkProps) {
    super(scope, 'network', {
      stage,
      description: 'network, who may talk to whom, and what is written about it',
    });
    this.subnets = makeSubnets(this, stage);
    this.groups = makeSecurityGroups(this, this.subnets.vpc);
    makeEndpoints(this, stage, { subnets: this.subnets, group: this.groups.endpoint });
    const dnsLog = this.#logGroup('DnsLogGroup', 'dns', logsKeyArn);
    makeDnsFirewall(this, {
      prefix: this.names.prefix,
      vpcId: this.subnets.vpc.ref,
      allowed: listFromOperator(this, this.names, 'allowed-domains'),
      logGroupArn: dnsLog.attrArn,
    });
    const { entry, service, data } = this.subnets.of;
    this.#flowLogs([...entry, ...service, ...data], logsKeyArn);
  }

  #logGroup(id: string, name: string, keyArn: string) {
    return logGroup(this, id, { name: `/tma/${this.stage.name}/${name}`, keyArn, days: this.stage.logDays });
  }

  /** Not the subnets of the reporting portal: their flows would tell who opened it, and when. S08 */
  #flowLogs(subnets: readonly CfnSubnet[], keyArn: string): void {
    const group = this.#logGroup('FlowLogGroup', 'flows', keyArn);
    const writer = role(this, 'FlowLogRole', {
      name: `${this.names.prefix}-flow-logs`,
      description: 'Writes flow logs',
      trusts: new ServicePrincipal('vpc-flow-logs.amazonaws.com'),
      when: forThisAccount,
      may: [
        {
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          resources: [group.attrArn],
        },
      ],
    });
    for (const subnet of subnets) {
      new CfnFlowLog(this, `${subnet.node.id}Flows`, {
        resourceType: 'Subnet',
        resourceId: subnet.ref,
        trafficType: 'ALL',
        maxAggregationInterval: 60,
        logDestinationType: 'cloud-watch-logs',
        logGroupName: group.ref,
        deliverLogsPermissionArn: writer.attrArn,
      });
    }
  }
}
