import { CfnParameter } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { EdgeStack } from '../edge/stack.ts';
import { StageStack } from '../kit/stack.ts';
import { servicePort } from '../names.ts';
import type { NetworkStack } from '../network/stack.ts';
import type { StageConfig } from '../stages.ts';
import { taskDefinition } from './definition.ts';
import { imageInput, type JobsStack } from './jobs.ts';

interface ServiceProps {
  readonly stage: StageConfig;
  readonly network: NetworkStack;
  readonly edge: EdgeStack;
  readonly jobs: JobsStack;
}

/**
 * The service itself. A new version starts beside the old one (200 %), takes requests once it is ready, and only then
 * does the old one stop (100 %); should it not become ready, or the rollback alarms ring, the old one stays.
 */
export class ServiceStack extends StageStack {
  constructor(scope: Construct, { stage, network, edge, jobs }: ServiceProps) {
    super(scope, 'service', { stage, description: 'the service, its rolling update and its scaling' });
    const { names } = this;
    const definition = taskDefinition(this, 'Task', {
      family: names.service,
      image: imageInput(this),
      cpu: stage.task.cpu,
      memoryMiB: stage.task.memoryMiB,
      environment: jobs.environments.service,
      taskRole: jobs.roles.service,
      executionRole: jobs.roles.startsService,
      logGroup: names.logGroup('service'),
      serves: true,
    });
    const service = this.#service({ stage, network, edge, jobs }, definition.ref);
    this.#scaling(edge).node.addDependency(service);
  }

  #service({ stage, network, edge }: ServiceProps, taskDefinitionArn: string): CfnService {
    const { names } = this;
    const desired = new CfnParameter(this, 'DesiredCount', {
      type: 'Number',
      default: stage.task.desired,
      minValue: stage.task.desired,
      maxValue: stage.task.most,
      description:
        'Tasks now: the pipeline gives what scaling has reached, so that a release does not undo it',
    });
    return new CfnService(this, 'Service', {
      serviceName: names.service,
      cluster: names.cluster,
      taskDefinition: taskDefinitionArn,
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      desiredCount: desired.valueAsNumber,
      availabilityZoneRebalancing: 'ENABLED',
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { alarmNames: [...names.rollbackAlarms], enable: true, rollback: true },
      },
      healthCheckGracePeriodSeconds: 60,
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: network.subnets.of.service.map((subnet) => subnet.ref),
          securityGroups: [network.groups.task.attrGroupId],
          assignPublicIp: 'DISABLED',
        },
      },
      loadBalancers: [edge.entry, edge.reporting].map(({ targets }) => ({
        containerName: 'service',
        containerPort: servicePort,
        targetGroupArn: targets.ref,
      })),
    });
  }

  #scaling(edge: EdgeStack): CfnScalableTarget {
    const { names, stage } = this;
    const target = new CfnScalableTarget(this, 'Scaling', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${names.cluster}/${names.service}`,
      minCapacity: stage.task.desired,
      maxCapacity: stage.task.most,
    });
    const label = `${edge.entry.loadBalancer.attrLoadBalancerFullName}/${edge.entry.targets.attrTargetGroupFullName}`;
    const follow = (
      id: string,
      predefined: CfnScalingPolicy.PredefinedMetricSpecificationProperty,
      at: number,
    ) =>
      new CfnScalingPolicy(this, id, {
        policyName: `${names.prefix}-${id.toLowerCase()}`,
        policyType: 'TargetTrackingScaling',
        scalingTargetId: target.ref,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: at,
          predefinedMetricSpecification: predefined,
          scaleOutCooldown: 60,
          scaleInCooldown: 300,
        },
      });
    follow('Cpu', { predefinedMetricType: 'ECSServiceAverageCPUUtilization' }, 60);
    // Per minute and task: 100 a second. A starting value; docs/capacity.md says what a task really carries.
    follow('Requests', { predefinedMetricType: 'ALBRequestCountPerTarget', resourceLabel: label }, 6_000);
    return target;
  }
}
