/** A CloudFormation template as it is read back: for the comparison, the diagram and the tests. */

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Templates by their path in the snapshot without ending: `staging/network`, `pipeline`. */
export type Templates = Readonly<Record<string, Template>>;

/** Kinds whose loss is the loss of data, or of the means to read it. */
export const keepers: readonly string[] = [
  'AWS::Backup::BackupVault',
  'AWS::CloudTrail::Trail',
  'AWS::ECR::Repository',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBInstance',
  'AWS::S3::Bucket',
];
