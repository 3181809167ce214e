/**
 * The settings of the service from the environment of its process, as a container is given them. ECS fills the
 * secret ones from SSM Parameter Store when it starts a task; nothing secret is in the image (S07).
 *
 *   database     TMA_DATABASE_URL; without user and password in it, TMA_DATABASE_PASSWORD tells both;
 *                `?sslmode=verify-full` forces TLS. TMA_DATABASE_CA: PEM file of the authorities (the image has
 *                those of Amazon RDS)
 *   own secrets  TMA_SIGNING_KEY (32 bytes, base64) and TMA_EPOCH (a UUID), or TMA_KEYS_DIR
 *   tenant keys  TMA_TENANT_KEY_ALIAS (alias/tma/prod/tenant/: AWS KMS), or TMA_KEYS_DIR
 *   attachments  TMA_EVIDENCE_BUCKET and TMA_EVIDENCE_KEY (AWS S3), or TMA_EVIDENCE_DIR
 *   witness      TMA_WITNESS_BUCKET and TMA_WITNESS_KEY (AWS S3 with object lock), or TMA_WITNESS_DIR
 *   where        TMA_HOST, TMA_PORT; TLS with TMA_TLS_CERTIFICATE and TMA_TLS_KEY (PEM files), or with
 *                TMA_TLS=self-signed a certificate of the process's own: for a load balancer, which checks none
 *   how          NODE_ENV=production (no API description, drains on stop), TMA_LOG_LEVEL, TMA_POOL_SIZE,
 *                TMA_TRUSTED_PROXIES, TMA_DRAIN_MS, TMA_METRICS_NAMESPACE
 *
 * In production a name beginning with TMA_ that is none of these is a mistake and is said to be one.
 */
import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig, type ServiceConfig } from './config.ts';
import { loginOf } from './db/login.ts';
import { drainMs } from './timing.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const known = new Set(
  `DATABASE_URL DATABASE_PASSWORD DATABASE_CA OWNER_DATABASE_URL OWNER_USER OWNER_PASSWORD SERVICE_PASSWORD
   SIGNING_KEY EPOCH KEYS_DIR TENANT_KEY_ALIAS EVIDENCE_BUCKET EVIDENCE_KEY EVIDENCE_DIR WITNESS_BUCKET WITNESS_KEY
   WITNESS_DIR    HOST PORT TLS TLS_CERTIFICATE TLS_KEY LOG_LEVEL POOL_SIZE TRUSTED_PROXIES DRAIN_MS METRICS_NAMESPACE`
    .split(/\s+/)
    .map((name) => `TMA_${name}`),
);

/** @throws {ConfigError} naming every setting that is wrong or missing. */
export async function configFromEnvironment(env: Environment): Promise<ServiceConfig> {
  const production = env.NODE_ENV === 'production';
  const strange = Object.keys(env).filter((name) => name.startsWith('TMA_') && !known.has(name));
  if (production && strange.length > 0) throw new ConfigError(`There is no setting ${strange.join(', ')}.`);
  const given = {
    databaseUrl: serviceAddress(env),
    databaseCaPem: databaseCaFrom(env),
    keysDir: env.TMA_KEYS_DIR,
    secrets: together(env, { signingSeed: 'TMA_SIGNING_KEY', epoch: 'TMA_EPOCH' }),
    kms: together(env, { aliasPrefix: 'TMA_TENANT_KEY_ALIAS' }),
    blobs: placeFrom(env, 'EVIDENCE'),
    witness: placeFrom(env, 'WITNESS'),
    host: env.TMA_HOST,
    port: numberOf(env.TMA_PORT),
    logLevel: env.TMA_LOG_LEVEL,
    trustedProxies: numberOf(env.TMA_TRUSTED_PROXIES),
    poolSize: numberOf(env.TMA_POOL_SIZE),
    production,
    drainMs: numberOf(env.TMA_DRAIN_MS) ?? (production ? drainMs : 0),
    metricsNamespace: env.TMA_METRICS_NAMESPACE,
    tls: await tlsFrom(env),
  };
  return parseConfig(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

/** An address that names nobody is for the login of the password, as the migration makes it. @throws {ConfigError} */
function serviceAddress(env: Environment): string | undefined {
  const { TMA_DATABASE_URL: address, TMA_DATABASE_PASSWORD: password } = env;
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  const isNobodys = url !== undefined && url.username === '' && password !== undefined;
  const user = isNobodys ? loginOf(decodeURIComponent(url.pathname.slice(1)), password) : undefined;
  return withLogin(address, { user, password });
}

/** The address with a login put into it, for addresses whose password comes from elsewhere. @throws {ConfigError} */
export function withLogin(
  address: string | undefined,
  login: { readonly user?: string | undefined; readonly password?: string | undefined },
): string | undefined {
  if (address === undefined || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (login.user !== undefined) url.username = encodeURIComponent(login.user);
  if (login.password !== undefined) url.password = encodeURIComponent(login.password);
  if (url.password === '') throw new ConfigError(`The address of the database has no password.`);
  return url.href;
}

/** The authorities of the database's certificate. @throws {ConfigError} */
export function databaseCaFrom(env: Environment): string | undefined {
  const file = env.TMA_DATABASE_CA;
  return file === undefined ? undefined : read(file, 'TMA_DATABASE_CA');
}

async function tlsFrom(env: Environment): Promise<unknown> {
  if (env.TMA_TLS === 'self-signed') return (await import('./http/selfSigned.ts')).selfSigned();
  if (env.TMA_TLS !== undefined) throw new ConfigError('TMA_TLS is either left out or "self-signed".');
  const files = together(env, { certificate: 'TMA_TLS_CERTIFICATE', key: 'TMA_TLS_KEY' });
  if (files === undefined) return undefined;
  return {
    certificatePem: read(files.certificate ?? '', 'TMA_TLS_CERTIFICATE'),
    keyPem: read(files.key ?? '', 'TMA_TLS_KEY'),
  };
}

/** A bucket with the key it is encrypted under, or a folder. @throws {ConfigError} */
function placeFrom(env: Environment, of: 'EVIDENCE' | 'WITNESS'): unknown {
  const [bucket, dir, kmsKey] = ['BUCKET', 'DIR', 'KEY'].map((what) => env[`TMA_${of}_${what}`]);
  if (bucket !== undefined && dir !== undefined)
    throw new ConfigError(`TMA_${of}_BUCKET and TMA_${of}_DIR exclude each other.`);
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
