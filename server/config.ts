/** What the service is told at its start. Everything is checked before anything is opened. */
import { z } from 'zod';
import { emergencyContactSchema } from '../shared/sync/enrolment.ts';

const port = z.int().min(0).max(65_535);
const certificatePem = z.string().includes('BEGIN CERTIFICATE', { error: 'must be a certificate in PEM' });
const folder = z.string().min(1);

/** 32 bytes in base64, as `openssl rand -base64 32` writes them. */
const signingSeed = z
  .base64({ error: 'must be 32 bytes in base64' })
  .refine((text) => Buffer.from(text, 'base64').length === 32, { error: 'must be 32 bytes in base64' });

export const serviceConfigSchema = z.strictObject({
  /** Connection of the service's own role, which owns nothing and is subject to row-level security. */
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' })
    .refine(
      (url) =>
        !URL.canParse(url) ||
        [null, 'verify-full', 'disable'].includes(new URL(url).searchParams.get('sslmode')),
      {
        error: 'sslmode is verify-full or disable',
      },
    ),
  /** Authorities that may have issued the database's certificate, in PEM. Given, every connection is TLS and checked. */
  databaseCaPem: certificatePem.optional(),
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  port: port.default(0),
  /** Certificate (with its chain) and key in PEM. Left out only behind a load balancer that ends TLS. */
  tls: z
    .strictObject({
      certificatePem,
      keyPem: z.string().includes('PRIVATE KEY', { error: 'must be a private key in PEM' }),
    })
    .optional(),
  /** Folder of the service's signing key, the tenants' keys and the epoch; readable by the service alone. */
  keysDir: folder.optional(),
  /** Instead of files in `keysDir`: the service's own secrets, as a parameter store hands them to all tasks. */
  secrets: z.strictObject({ signingSeed, epoch: z.uuid() }).optional(),
  /** Instead of files in `keysDir`: the tenants' keys in AWS KMS, each under the prefix and the tenant's id. */
  kms: z
    .strictObject({
      aliasPrefix: z.string().regex(/^alias\/[\w/-]+\/$/, { error: 'must look like alias/tma/prod/tenant/' }),
    })
    .optional(),
  /** Where encrypted attachments lie: a bucket, or a folder. */
  blobs: z
    .union(
      [
        z.strictObject({
          bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{2,62}$/),
          kmsKey: z.string().min(1).optional(),
        }),
        z.strictObject({ dir: folder }),
      ],
      { error: 'must be a bucket or a folder' },
    )
    .optional(),
  /** What one organisation may keep of attachments, in bytes. */
  blobQuotaBytes: z
    .int()
    .positive()
    .default(1024 ** 4),
  /** Where the hourly witness is written so that nobody can change it: a bucket with object lock, or a folder. */
  witness: z
    .union(
      [
        z.strictObject({
          bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{2,62}$/),
          kmsKey: z.string().min(1).optional(),
        }),
        z.strictObject({ dir: folder }),
      ],
      { error: 'must be a bucket or a folder' },
    )
    .optional(),
  /** CloudWatch namespace of the metrics the service writes into its log; left out, it writes none. */
  metricsNamespace: z
    .string()
    .regex(/^[\w./#:-]{1,255}$/)
    .optional(),
  /** Production shows no API description. */
  production: z.boolean().default(false),
  logLevel: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']).default('info'),
  /** How many proxies in front of the service are believed about the caller's address. */
  trustedProxies: z.int().min(0).max(5).default(0),
  /** Database connections at most. */
  poolSize: z.int().min(2).max(200).default(10),
  /** Attempts to enrol from one address in a minute. */
  enrolPerMinute: z.int().min(1).default(30),
  /** How long a stopping service still answers while its load balancer takes it out, in milliseconds. */
  drainMs: z.int().min(0).max(60_000).default(0),
  tenantDefaults: z
    .strictObject({
      emergency: z.array(emergencyContactSchema).max(10).default([]),
      /** How long a one-time code to enrol a laptop is good for. */
      codeLifeHours: z
        .int()
        .min(1)
        .max(24 * 30)
        .default(72),
    })
    .prefault({}),
});

/** As it is written; what may be left out is optional. */
export type ServiceConfigInput = z.input<typeof serviceConfigSchema>;
export type ServiceConfig = z.output<typeof serviceConfigSchema>;

/** The service cannot start as it was told to; the message says which setting is wrong and never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws {ConfigError} naming every setting that is wrong. */
export function parseConfig(input: unknown): ServiceConfig {
  const result = serviceConfigSchema.safeParse(input);
  const problems = result.success
    ? missing(result.data)
    : result.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`);
  if (result.success && problems.length === 0) return result.data;
  throw new ConfigError(`The service cannot start, its settings are wrong:\n  ${problems.join('\n  ')}`);
}

/** What one setting asks of another. */
function missing({ keysDir, secrets, kms }: ServiceConfig): readonly string[] {
  if (keysDir !== undefined) return [];
  return [
    ...(secrets === undefined ? ['keysDir, or secrets: where the signing key and the epoch are'] : []),
    ...(kms === undefined ? ['keysDir, or kms: where the keys of the tenants are'] : []),
  ];
}
