/**
 * The web application firewalls before the two entries. They look at addresses, headers and paths. What
 * bodies may say only counts: a pushed change or a reported threat may well quote markup, a path or a link, and a
 * push is larger than the 8 KB they expect. The service checks bodies, against a schema.
 */
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';

interface FirewallProps {
  readonly name: string;
  readonly loadBalancerArn: string;
  readonly rules: readonly CfnWebACL.RuleProperty[];
  /** Left out where nothing about a request may be kept (S08): then neither samples are. */
  readonly logGroupArn?: string;
}

/** Managed rules that a body with a quotation in it would break, by the group they are in. */
const bodyRules = {
  AWSManagedRulesCommonRuleSet: [
    'SizeRestrictions_BODY',
    'CrossSiteScripting_BODY',
    'GenericLFI_BODY',
    'GenericRFI_BODY',
    'EC2MetaDataSSRF_BODY',
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [],
  AWSManagedRulesAmazonIpReputationList: [],
} as const;
type ManagedGroup = keyof typeof bodyRules;

/** In 5 minutes, from one address. Laptops of an organisation share one: 1 000 that wait for news ask 5 500 times. */
export const limits = { all: 20_000, enrol: 200, portal: 600 } as const;

export function entryRules(): readonly CfnWebACL.RuleProperty[] {
  return [
    limited({ name: 'enrol', priority: 0, limit: limits.enrol, isLogged: true, path: '/v1/enrol' }),
    limited({ name: 'all', priority: 1, limit: limits.all, isLogged: true }),
    managed('AWSManagedRulesAmazonIpReputationList', 2, true),
    managed('AWSManagedRulesKnownBadInputsRuleSet', 3, true),
    managed('AWSManagedRulesCommonRuleSet', 4, true),
  ];
}

/** Nothing here refuses an address for being a shared or hidden one: reporters may use Tor. */
export function portalRules(): readonly CfnWebACL.RuleProperty[] {
  return [
    limited({ name: 'portal', priority: 0, limit: limits.portal, isLogged: false }),
    managed('AWSManagedRulesKnownBadInputsRuleSet', 1, false),
    managed('AWSManagedRulesCommonRuleSet', 2, false),
  ];
}

export function makeFirewall(scope: Construct, id: string, props: FirewallProps): CfnWebACL {
  const { name, loadBalancerArn, rules, logGroupArn } = props;
  const made = new CfnWebACL(scope, id, {
    name,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    rules: [...rules],
    visibilityConfig: visibility(name, logGroupArn !== undefined),
  });
  new CfnWebACLAssociation(scope, `${id}Of`, { webAclArn: made.attrArn, resourceArn: loadBalancerArn });
  if (logGroupArn === undefined) {
    acknowledge(made, {
      'NIST.800.53.R5-WAFv2LoggingEnabled':
        'A log of requests would name the addresses of people who report anonymously (S08).',
    });
    return made;
  }
  new CfnLoggingConfiguration(scope, `${id}Log`, {
    resourceArn: made.attrArn,
    logDestinationConfigs: [logGroupArn],
    // They prove who a laptop is; a log is no place for them.
    redactedFields: ['authorization', 'cookie', 'x-tma-proof'].map((header) => ({
      singleHeader: { Name: header },
    })),
  });
  return made;
}

interface Limit {
  readonly name: string;
  readonly priority: number;
  readonly limit: number;
  readonly isLogged: boolean;
  readonly path?: string;
}

function limited({ name, priority, limit, isLogged, path }: Limit): CfnWebACL.RuleProperty {
  const scopeDown = {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: 'STARTS_WITH',
      searchString: path ?? '/',
      textTransformations: [{ priority: 0, type: 'NORMALIZE_PATH' }],
    },
  };
  return {
    name: `limit-${name}`,
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement: {
        limit,
        aggregateKeyType: 'IP',
        evaluationWindowSec: 300,
        ...(path === undefined ? {} : { scopeDownStatement: scopeDown }),
      },
    },
    visibilityConfig: visibility(`limit-${name}`, isLogged),
  };
}

function managed(name: ManagedGroup, priority: number, isLogged: boolean): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: bodyRules[name].map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name, isLogged),
  };
}

function visibility(metricName: string, isLogged: boolean): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: isLogged };
}
