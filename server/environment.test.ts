import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionTo } from './db/address.ts';
import { configFromEnvironment } from './environment.ts';
import { checkCertificate } from './http/certificate.ts';
import { selfSigned } from './http/selfSigned.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tma-environment-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What ECS hands to a task. */
const task = {
  NODE_ENV: 'production',
  TMA_HOST: '0.0.0.0',
  TMA_PORT: '8443',
  TMA_TLS: 'self-signed',
  TMA_TRUSTED_PROXIES: '1',
  TMA_LOG_LEVEL: 'info',
  TMA_METRICS_NAMESPACE: 'TMA/prod',
  TMA_POOL_SIZE: '20',
  TMA_DATABASE_URL: 'postgres://db.example:5432/tma?sslmode=verify-full',
  TMA_DATABASE_PASSWORD: 'p/a:s@s?w#ord',
  TMA_SIGNING_KEY: Buffer.alloc(32, 1).toString('base64'),
  TMA_EPOCH: '0b9c4a50-7e0c-4d1c-9f53-9d8f4a1b2c3d',
  TMA_TENANT_KEY_ALIAS: 'alias/tma/prod/tenant/',
  TMA_EVIDENCE_BUCKET: 'tma-prod-evidence-123456789012',
  TMA_EVIDENCE_KEY: 'arn:aws:kms:eu-central-1:123456789012:key/x',
  TMA_WITNESS_BUCKET: 'tma-witness',
  TMA_WITNESS_KEY: 'arn:aws:kms:eu-central-1:210987654321:key/y',
};
const why = async (changed: Record<string, string | undefined>) => {
  const env = Object.fromEntries(
    Object.entries({ ...task, ...changed }).filter(([, value]) => value !== undefined),
  );
  const error: Error = await configFromEnvironment(env).then(
    () => new Error('accepted'),
    (thrown) => thrown,
  );
  return error.message;
};

describe('S07: the environment of a task', () => {
  it('gives everything the service needs, and no file is read', async () => {
    const config = await configFromEnvironment(task);
    expect(config).toMatchObject({
      production: true,
      drainMs: 12_000,
      poolSize: 20,
      kms: { aliasPrefix: 'alias/tma/prod/tenant/' },
      blobs: { bucket: 'tma-prod-evidence-123456789012' },
      witness: { bucket: 'tma-witness', kmsKey: task.TMA_WITNESS_KEY },
      secrets: { epoch: task.TMA_EPOCH },
    });
    expect(config.keysDir).toBeUndefined();
    expect(new URL(config.databaseUrl).password).toBe(encodeURIComponent(task.TMA_DATABASE_PASSWORD));
    expect(config.tls?.certificatePem).toContain('BEGIN CERTIFICATE');
  });

  it.each([
    ['the address of the database', { TMA_DATABASE_URL: undefined }, /databaseUrl: must be a postgres/],
    ['its password', { TMA_DATABASE_PASSWORD: undefined }, /has no password/],
    ['another database', { TMA_DATABASE_URL: 'mysql://a:b@c/d' }, /databaseUrl: must be a postgres/],
    [
      'TLS that checks nothing',
      { TMA_DATABASE_URL: 'postgres://a@b/c?sslmode=require' },
      /sslmode is verify-full/,
    ],
    ['half of the secrets', { TMA_EPOCH: undefined }, /TMA_SIGNING_KEY and TMA_EPOCH go together/],
    ['all of the secrets', { TMA_EPOCH: undefined, TMA_SIGNING_KEY: undefined }, /where the signing key/],
    ['a short signing key', { TMA_SIGNING_KEY: 'c2hvcnQ=' }, /secrets.signingSeed: must be 32 bytes/],
    ['the keys of the tenants', { TMA_TENANT_KEY_ALIAS: undefined }, /where the keys of the tenants are/],
    ['an alias that is none', { TMA_TENANT_KEY_ALIAS: 'tma' }, /kms.aliasPrefix: must look like alias/],
    ['a bucket that is none', { TMA_EVIDENCE_BUCKET: 'No Bucket' }, /blobs/],
    ['two places for attachments', { TMA_EVIDENCE_DIR: '/x' }, /exclude each other/],
    ['two places for the witness', { TMA_WITNESS_DIR: '/x' }, /TMA_WITNESS_BUCKET and TMA_WITNESS_DIR/],
    ['a port', { TMA_PORT: 'https' }, /port: /],
    ['a log level', { TMA_LOG_LEVEL: 'loud' }, /logLevel: /],
    ['a pool', { TMA_POOL_SIZE: '100000' }, /poolSize: /],
    ['half a certificate', { TMA_TLS: undefined, TMA_TLS_KEY: '/x' }, /go together/],
    [
      'no such file',
      { TMA_DATABASE_CA: '/nowhere/ca.pem' },
      /TMA_DATABASE_CA names a file that cannot be read/,
    ],
    ['a typing mistake', { TMA_DATABSE_URL: 'x' }, /There is no setting TMA_DATABSE_URL/],
  ])('is refused in words: %s', async (_what, changed, message) => {
    const said = await why(changed);
    expect(said).toMatch(message);
    expect(said).not.toContain(task.TMA_SIGNING_KEY);
    expect(said).not.toContain(task.TMA_DATABASE_PASSWORD);
  });
});

describe('the connection to the database', () => {
  const databaseUrl = 'postgres://a:b@db.example/tma';

  it('is encrypted and checked when the address says so or an authority is given, and never anything between', () => {
    expect(connectionTo({ databaseUrl }).ssl).toBeUndefined();
    expect(connectionTo({ databaseUrl: `${databaseUrl}?sslmode=verify-full` }).ssl).toMatchObject({
      rejectUnauthorized: true,
    });
    expect(connectionTo({ databaseUrl, databaseCaPem: 'PEM' }).ssl).toMatchObject({
      ca: 'PEM',
      rejectUnauthorized: true,
    });
    expect(
      connectionTo({ databaseUrl: `${databaseUrl}?sslmode=disable`, databaseCaPem: 'PEM' }).ssl,
    ).toBeUndefined();
    expect(
      connectionTo({ databaseUrl: `${databaseUrl}?sslmode=verify-full` }).connectionString,
    ).not.toContain('sslmode');
  });
});

describe('the certificate', () => {
  it('is refused when it has expired, is not good yet, or is none', async () => {
    const nowMs = Date.now();
    const yearMs = 365 * 24 * 3_600_000;
    const { certificatePem, keyPem } = await selfSigned(nowMs);
    expect(() => checkCertificate(certificatePem, nowMs)).not.toThrow();
    expect(() => checkCertificate(certificatePem, nowMs + 2 * yearMs)).toThrow(/expired on 20\d\d-/);
    expect(() => checkCertificate(certificatePem, nowMs - yearMs)).toThrow(/good only from/);
    expect(() => checkCertificate(keyPem, nowMs)).toThrow(/cannot be read/);
    await writeFile(join(dir, 'key.pem'), keyPem);
    await writeFile(join(dir, 'certificate.pem'), certificatePem);
    const { tls } = await configFromEnvironment({
      ...task,
      TMA_TLS: undefined,
      TMA_TLS_CERTIFICATE: join(dir, 'certificate.pem'),
      TMA_TLS_KEY: join(dir, 'key.pem'),
    });
    expect(tls?.keyPem).toBe(keyPem);
  });
});
