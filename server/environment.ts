/**
 * The settings of the service from the environment of its process, as a container is given them:
 *
 *   TMA_DATABASE_URL   the service's own login            TMA_KEYS_DIR        folder of its keys
 *   TMA_HOST, TMA_PORT where it listens                   TMA_TLS_CERTIFICATE, TMA_TLS_KEY   PEM files
 *   TMA_LOG_LEVEL      info, warn, …                      TMA_TRUSTED_PROXIES number of proxies in front
 *   TMA_POOL_SIZE      database connections               NODE_ENV=production no API description, drains on stop
 */
import { readFileSync } from 'node:fs';
import { ConfigError, parseConfig, type ServiceConfig } from './config.ts';
import { drainMs } from './timing.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {ConfigError} naming every setting that is wrong or missing. */
export function configFromEnvironment(env: Environment): ServiceConfig {
  const production = env.NODE_ENV === 'production';
  const certificate = env.TMA_TLS_CERTIFICATE;
  const key = env.TMA_TLS_KEY;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new ConfigError('TMA_TLS_CERTIFICATE and TMA_TLS_KEY go together.');
  }
  const given = {
    databaseUrl: env.TMA_DATABASE_URL,
    keysDir: env.TMA_KEYS_DIR,
    host: env.TMA_HOST,
    port: numberOf(env.TMA_PORT),
    logLevel: env.TMA_LOG_LEVEL,
    trustedProxies: numberOf(env.TMA_TRUSTED_PROXIES),
    poolSize: numberOf(env.TMA_POOL_SIZE),
    production,
    drainMs: production ? drainMs : 0,
    tls:
      certificate === undefined || key === undefined
        ? undefined
        : { certificatePem: read(certificate, 'TMA_TLS_CERTIFICATE'), keyPem: read(key, 'TMA_TLS_KEY') },
  };
  return parseConfig(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
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
