import { Aws, CfnOutput, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { forFargate, forLogs, forPublishers, key } from '../kit/key.ts';
import { StageStack } from '../kit/stack.ts';
import { type Purpose, purposes } from '../names.ts';
import type { StageConfig } from '../stages.ts';

const uses: Readonly<Record<Purpose, string>> = {
  database: 'the database, its snapshots, its owner’s secret and its performance data',
  evidence: 'attachments in the evidence bucket, on top of the encryption the service does itself',
  logs: 'log groups',
  secrets: 'encrypted parameters',
  ephemeral: 'disks of Fargate tasks',
  backup: 'the backup vault',
  alerts: 'messages of alarms',
};

/**
 * One customer key for each purpose, so that each can be revoked, audited and granted alone. The keys of tenants are
 * not here: `admin create-tenant` makes one for each, under an alias below `tenantKeyAlias`, and destroying it
 * destroys what that tenant's cases say, in every copy (crypto-shredding).
 */
export class KeysStack extends StageStack {
  readonly arns: Readonly<Record<Purpose, string>>;

  constructor(scope: Construct, stage: StageConfig) {
    super(scope, 'keys', { stage, description: 'one encryption key for each purpose' });
    const allows = {
      logs: [forLogs(this)],
      alerts: [forPublishers()],
      ephemeral: forFargate(Aws.ACCOUNT_ID, this.names.cluster),
    };
    const made = purposes.map((purpose) => {
      const name = purpose.charAt(0).toUpperCase() + purpose.slice(1);
      const description = `TMA ${stage.name}: ${uses[purpose]}`;
      const extra = Object.entries(allows).find(([known]) => known === purpose)?.[1] ?? [];
      const one = key(this, name, { alias: this.names.keyAlias(purpose), description, allows: extra });
      new CfnOutput(this, `${name}KeyArn`, { value: one.attrArn });
      return [purpose, one.attrArn] as const;
    });
    // A key like a tenant's: a starting task tries it, so that one without rights to KMS never takes a request.
    const probe = key(this, 'Probe', {
      alias: `${this.names.tenantKeyAlias}probe`,
      description: `TMA ${stage.name}: what a starting task tries; protects nothing`,
    });
    Tags.of(probe).add('tma:purpose', 'tenant');
    this.arns = Object.fromEntries(made) as Record<Purpose, string>; // every purpose is in `purposes`
  }
}
