import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
  CfnResolverQueryLoggingConfig,
  CfnResolverQueryLoggingConfigAssociation,
} from 'aws-cdk-lib/aws-route53resolver';
import type { Construct } from 'constructs';

interface DnsFirewallProps {
  readonly prefix: string;
  readonly vpcId: string;
  /** Names besides those of AWS: the identity providers of the tenants. */
  readonly allowed: string[];
  /** Log group of the questions asked. */
  readonly logGroupArn: string;
}

/** What the network may look up. A name that is on neither list does not exist here, so data cannot go there. */
export function makeDnsFirewall(scope: Construct, props: DnsFirewallProps): void {
  const { prefix, vpcId, allowed, logGroupArn } = props;
  const list = (id: string, name: string, domains: string[]) =>
    new CfnFirewallDomainList(scope, id, { name: `${prefix}-${name}`, domains }).attrId;
  const aws = list('AwsDomains', 'aws', ['*.amazonaws.com', '*.api.aws', '*.internal']);
  const tenants = list('AllowedDomains', 'allowed', allowed);
  const all = list('AllDomains', 'all', ['*']);
  const allow = (priority: number, firewallDomainListId: string) => ({
    priority,
    firewallDomainListId,
    action: 'ALLOW',
    // An allowed name may point to another one (a provider's content network), which need not be listed.
    firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
  });
  const rules = new CfnFirewallRuleGroup(scope, 'DnsRules', {
    name: `${prefix}-dns`,
    firewallRules: [
      allow(100, aws),
      allow(200, tenants),
      { priority: 300, firewallDomainListId: all, action: 'BLOCK', blockResponse: 'NXDOMAIN' },
    ],
  });
  new CfnFirewallRuleGroupAssociation(scope, 'DnsRulesOfVpc', {
    name: `${prefix}-dns`,
    vpcId,
    firewallRuleGroupId: rules.attrId,
    priority: 101,
    mutationProtection: 'ENABLED',
  });
  const logging = new CfnResolverQueryLoggingConfig(scope, 'DnsLog', {
    name: `${prefix}-dns`,
    destinationArn: logGroupArn,
  });
  new CfnResolverQueryLoggingConfigAssociation(scope, 'DnsLogOfVpc', {
    resolverQueryLogConfigId: logging.attrId,
    resourceId: vpcId,
  });
}
