import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import { logGroup } from '../kit/logs.ts';
import { fromOperator } from '../kit/parameters.ts';
import { StageStack } from '../kit/stack.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { StageConfig } from '../stages.ts';
import { logPrefixes } from '../storage/accessLogs.ts';
import { type Balancer, makeBalancer } from './balancer.ts';
import { entryRules, makeFirewall, portalRules } from './firewall.ts';
import { rollbackAlarms } from './rollback.ts';

interface EdgeProps {
  readonly stage: StageConfig;
  readonly network: NetworkStack;
  readonly logsKeyArn: string;
  readonly topicArn: string;
}

/** Laptops bring TLS 1.3 themselves; reporters come with whatever browser they have, so theirs takes 1.2 too. */
const tlsPolicies = {
  laptops: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
  reporters: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
} as const;

/**
 * Two entries to one service: laptops come in through one that is logged, anonymous reporters through one that keeps
 * nothing about them. S08
 */
export class EdgeStack extends StageStack {
  readonly entry: Balancer;
  readonly reporting: Balancer;
  readonly certificates: Readonly<Record<'entry' | 'reporting', CfnCertificate>>;

  constructor(scope: Construct, { stage, network, logsKeyArn, topicArn }: EdgeProps) {
    super(scope, 'edge', { stage, description: 'load balancers, certificates, web application firewalls' });
    const { names } = this;
    const hostedZoneId = fromOperator(this, names, 'hosted-zone-id');
    const domains = {
      entry: fromOperator(this, names, 'domain-name'),
      reporting: fromOperator(this, names, 'reporting-domain-name'),
    };
    this.certificates = {
      entry: this.#certificate('EntryCertificate', domains.entry, hostedZoneId),
      reporting: this.#certificate('ReportingCertificate', domains.reporting, hostedZoneId),
    };
    const { subnets, groups } = network;
    const shared = { hostedZoneId, vpcId: subnets.vpc.ref };
    this.entry = makeBalancer(this, 'Entry', {
      ...shared,
      name: `${names.prefix}-entry`,
      domainName: domains.entry,
      subnetIds: subnets.of.entry.map((subnet) => subnet.ref),
      securityGroupId: groups.entry.attrGroupId,
      certificateArn: this.certificates.entry.ref,
      tlsPolicy: tlsPolicies.laptops,
      serves: 'all but the portal',
      logs: { bucket: names.accessLogBucket, prefix: logPrefixes.loadBalancer },
    });
    this.reporting = makeBalancer(this, 'Reporting', {
      ...shared,
      name: `${names.prefix}-reporting`,
      domainName: domains.reporting,
      subnetIds: subnets.of.reporting.map((subnet) => subnet.ref),
      securityGroupId: groups.reporting.attrGroupId,
      certificateArn: this.certificates.reporting.ref,
      tlsPolicy: tlsPolicies.reporters,
      serves: 'portal',
    });
    this.#firewalls(logsKeyArn);
    rollbackAlarms(this, { names, balancer: this.entry, desired: stage.task.desired, topicArn });
  }

  #certificate(id: string, domainName: string, hostedZoneId: string): CfnCertificate {
    return new CfnCertificate(this, id, {
      domainName,
      validationMethod: 'DNS',
      domainValidationOptions: [{ domainName, hostedZoneId }],
      keyAlgorithm: 'EC_prime256v1',
    });
  }

  #firewalls(logsKeyArn: string): void {
    const { names, stage } = this;
    const log = logGroup(this, 'FirewallLogGroup', {
      // The name has to begin like this.
      name: `aws-waf-logs-${names.prefix}`,
      keyArn: logsKeyArn,
      days: stage.logDays,
    });
    makeFirewall(this, 'EntryFirewall', {
      name: `${names.prefix}-entry`,
      loadBalancerArn: this.entry.loadBalancer.ref,
      rules: entryRules(),
      logGroupArn: log.attrArn,
    });
    makeFirewall(this, 'ReportingFirewall', {
      name: `${names.prefix}-reporting`,
      loadBalancerArn: this.reporting.loadBalancer.ref,
      rules: portalRules(),
    });
  }
}
