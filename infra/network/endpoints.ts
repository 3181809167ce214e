import { Aws, Stack } from 'aws-cdk-lib';
import { type CfnSecurityGroup, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StageConfig } from '../stages.ts';
import type { Subnets } from './subnets.ts';

/** What tasks use of AWS; it never leaves the network. */
const services = ['ecr.api', 'ecr.dkr', 'logs', 'ssm', 'secretsmanager', 'kms'] as const;

/** Endpoints that serve this account's own identities and nobody else's, against carrying data out with foreign keys. */
export function makeEndpoints(
  scope: Construct,
  stage: StageConfig,
  parts: { subnets: Subnets; group: CfnSecurityGroup },
): void {
  const { subnets, group } = parts;
  const { vpc } = subnets;
  const ours = new PolicyStatement({
    sid: 'OurIdentities',
    principals: [new AnyPrincipal()],
    actions: ['*'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
  });
  new CfnVPCEndpoint(scope, 'S3Endpoint', {
    vpcId: vpc.ref,
    vpcEndpointType: 'Gateway',
    serviceName: `com.amazonaws.${stage.region}.s3`,
    routeTableIds: subnets.serviceRouteTables.map((table) => table.ref),
    policyDocument: new PolicyDocument({ statements: [ours, imageLayers(scope)] }),
  });
  for (const service of services) {
    const id = service.replaceAll(/(?:^|\.)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
    new CfnVPCEndpoint(scope, `${id}Endpoint`, {
      vpcId: vpc.ref,
      vpcEndpointType: 'Interface',
      serviceName: `com.amazonaws.${stage.region}.${service}`,
      privateDnsEnabled: true,
      // As many as there are ways out: where one zone's outage may be waited out, one endpoint is enough.
      subnetIds: subnets.of.service.slice(0, stage.natGateways).map((subnet) => subnet.ref),
      securityGroupIds: [group.attrGroupId],
      policyDocument: new PolicyDocument({ statements: [ours] }),
    });
  }
}

/** Layers of images come from a bucket of ECR itself, fetched with ECR's own signature. */
function imageLayers(scope: Construct): PolicyStatement {
  const { partition, region } = Stack.of(scope);
  return new PolicyStatement({
    sid: 'ImageLayers',
    principals: [new AnyPrincipal()],
    actions: ['s3:GetObject'],
    resources: [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`],
  });
}
