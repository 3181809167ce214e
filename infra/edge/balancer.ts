import {
  CfnListener,
  CfnListenerRule,
  CfnLoadBalancer,
  CfnTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { acknowledge } from '../kit/acknowledge.ts';
import { portalPaths, servicePort } from '../names.ts';

/** Times of the load balancer, in seconds. `server/timing.ts` has those of the service that must fit; a test compares. */
export const times = { idle: 60, deregistration: 60, check: { interval: 10, timeout: 5 } } as const;

interface BalancerProps {
  readonly name: string;
  readonly domainName: string;
  readonly hostedZoneId: string;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly vpcId: string;
  readonly certificateArn: string;
  readonly tlsPolicy: string;
  /** The portal's entry serves its paths alone, the laptops' entry everything else. */
  readonly serves: 'portal' | 'all but the portal';
  /** Bucket and prefix; left out where nothing about a request may be kept (S08). */
  readonly logs?: { readonly bucket: string; readonly prefix: string };
}

export interface Balancer {
  readonly loadBalancer: CfnLoadBalancer;
  readonly targets: CfnTargetGroup;
  readonly listener: CfnListener;
}

/** A load balancer that ends TLS, redirects HTTP, and speaks TLS again to tasks that say they are ready. */
export function makeBalancer(scope: Construct, id: string, props: BalancerProps): Balancer {
  const loadBalancer = new CfnLoadBalancer(scope, id, {
    name: props.name,
    type: 'application',
    scheme: 'internet-facing',
    ipAddressType: 'ipv4',
    subnets: props.subnetIds,
    securityGroups: [props.securityGroupId],
    loadBalancerAttributes: attributes(props),
  });
  if (props.logs === undefined) {
    const reason = 'Access logs would name the addresses of people who report anonymously (S08).';
    acknowledge(loadBalancer, { 'AwsSolutions-ELB2': reason, 'NIST.800.53.R5-ELBLoggingEnabled': reason });
  }
  const targets = makeTargets(scope, id, props);
  const listener = listeners(scope, id, { props, loadBalancer, targets });
  for (const type of ['A', 'CAA'] as const) record(scope, `${id}${type}`, { props, loadBalancer, type });
  return { loadBalancer, targets, listener };
}

function attributes({ logs }: BalancerProps): CfnLoadBalancer.LoadBalancerAttributeProperty[] {
  const set: Record<string, string> = {
    'deletion_protection.enabled': 'true',
    'idle_timeout.timeout_seconds': String(times.idle),
    'routing.http.drop_invalid_header_fields.enabled': 'true',
    'routing.http.desync_mitigation_mode': 'strictest',
    'routing.http.xff_header_processing.mode': 'append',
    'routing.http2.enabled': 'true',
    'access_logs.s3.enabled': String(logs !== undefined),
    ...(logs === undefined
      ? {}
      : { 'access_logs.s3.bucket': logs.bucket, 'access_logs.s3.prefix': logs.prefix }),
  };
  return Object.entries(set).map(([key, value]) => ({ key, value }));
}

function makeTargets(scope: Construct, id: string, props: BalancerProps): CfnTargetGroup {
  return new CfnTargetGroup(scope, `${id}Targets`, {
    name: props.name,
    vpcId: props.vpcId,
    targetType: 'ip',
    protocol: 'HTTPS',
    protocolVersion: 'HTTP1',
    port: servicePort,
    healthCheckEnabled: true,
    healthCheckProtocol: 'HTTPS',
    healthCheckPath: '/readyz',
    healthCheckIntervalSeconds: times.check.interval,
    healthCheckTimeoutSeconds: times.check.timeout,
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 2,
    matcher: { httpCode: '200' },
    targetGroupAttributes: [
      { key: 'deregistration_delay.timeout_seconds', value: String(times.deregistration) },
      // Waiting pulls last up to 55 s: count open requests, not taken ones.
      { key: 'load_balancing.algorithm.type', value: 'least_outstanding_requests' },
      { key: 'stickiness.enabled', value: 'false' },
    ],
  });
}

interface Listening {
  readonly props: BalancerProps;
  readonly loadBalancer: CfnLoadBalancer;
  readonly targets: CfnTargetGroup;
}

function listeners(scope: Construct, id: string, { props, loadBalancer, targets }: Listening): CfnListener {
  const nothing = {
    type: 'fixed-response',
    fixedResponseConfig: { statusCode: '404', contentType: 'text/plain', messageBody: 'Not found' },
  };
  const service = { type: 'forward', targetGroupArn: targets.ref };
  const isPortal = props.serves === 'portal';
  const https = new CfnListener(scope, `${id}Https`, {
    loadBalancerArn: loadBalancer.ref,
    protocol: 'HTTPS',
    port: 443,
    sslPolicy: props.tlsPolicy,
    certificates: [{ certificateArn: props.certificateArn }],
    defaultActions: [isPortal ? nothing : service],
  });
  new CfnListenerRule(scope, `${id}PortalRule`, {
    listenerArn: https.ref,
    priority: 1,
    conditions: [{ field: 'path-pattern', pathPatternConfig: { values: portalPaths } }],
    actions: [isPortal ? service : nothing],
  });
  const http = new CfnListener(scope, `${id}Http`, {
    loadBalancerArn: loadBalancer.ref,
    protocol: 'HTTP',
    port: 80,
    defaultActions: [
      { type: 'redirect', redirectConfig: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } },
    ],
  });
  acknowledge(http, {
    'NIST.800.53.R5-ELBv2ACMCertificateRequired': 'Only redirects to HTTPS.',
  });
  return https;
}

interface Recorded {
  readonly props: BalancerProps;
  readonly loadBalancer: CfnLoadBalancer;
  readonly type: 'A' | 'CAA';
}

/** The name itself, and that only Amazon may issue certificates for it. */
function record(scope: Construct, id: string, { props, loadBalancer, type }: Recorded): void {
  const { hostedZoneId, domainName: name } = props;
  if (type === 'CAA') {
    new CfnRecordSet(scope, id, {
      hostedZoneId,
      name,
      type,
      ttl: '3600',
      resourceRecords: ['0 issue "amazon.com"'],
    });
    return;
  }
  new CfnRecordSet(scope, id, {
    hostedZoneId,
    name,
    type,
    aliasTarget: {
      dnsName: loadBalancer.attrDnsName,
      hostedZoneId: loadBalancer.attrCanonicalHostedZoneId,
      evaluateTargetHealth: true,
    },
  });
}
