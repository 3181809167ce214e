/** What a task does when its surroundings are not as they must be: it says why, ends, and never listens. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort, isPortFree } from '../tools/support/ports.ts';
import { type RunningPostgres, startPostgres } from '../tools/support/postgres.ts';
import type { ServiceConfigInput } from './config.ts';
import { migrate, migrateWith } from './db/migrate.ts';
import { migrations } from './db/migrations/index.ts';
import { prepareDatabase } from './db/prepare.ts';
import { selfSigned } from './http/selfSigned.ts';
import { kmsKeys } from './keys/kmsKeys.ts';
import { startService } from './start.ts';
import { type KmsServer, startKmsServer } from './testing/kmsServer.ts';

let dir: string;
let postgres: RunningPostgres;
let kms: KmsServer;
let s3: S3rver;
let databaseUrl: string;
const aliasPrefix = 'alias/tma/test/tenant/';
const before = { ...process.env };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tma-refused-'));
  postgres = await startPostgres({ ephemeral: true });
  ({ databaseUrl } = await prepareDatabase({
    ownerUrl: postgres.url,
    servicePassword: 'for-this-test-only',
  }));
  kms = await startKmsServer();
  s3 = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory: dir },
    configureBuckets: [{ name: 'evidence', configs: [] }],
  });
  const { port } = await s3.run();
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL_KMS: kms.url,
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
  });
  const keys = kmsKeys({ aliasPrefix });
  await keys.prepare();
  keys.close();
});
afterAll(async () => {
  await kms?.close();
  await s3?.close();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(() => kms.deny());
afterEach(() => {
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
});
afterAll(() => {
  process.env = before;
});

async function refused(changed: Partial<ServiceConfigInput>): Promise<string> {
  const port = await freePort();
  const input: ServiceConfigInput = {
    databaseUrl,
    port,
    logLevel: 'silent',
    secrets: { signingSeed: randomBytes(32).toString('base64'), epoch: randomUUID() },
    kms: { aliasPrefix },
    blobs: { bucket: 'evidence' },
    ...changed,
  };
  const said = await startService(input).then(
    async (service) => {
      await service.stop();
      return 'started';
    },
    (error: Error) => `${error.name}: ${error.message}`,
  );
  expect(await isPortFree(port)).toBe(true);
  return said;
}

describe('a task', () => {
  it('starts with keys in KMS and attachments in S3', async () => {
    expect(await refused({})).toBe('started');
  });

  it('does not start when KMS denies its key', async () => {
    kms.deny('Decrypt');
    expect(await refused({})).toMatch(/^ConfigError: kms: .* access is denied to this task's role/);
    expect(await refused({ kms: { aliasPrefix: 'alias/tma/other/' } })).toMatch(/Make it once/);
  });

  it('does not start when S3 denies its bucket, or it is not there', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
    expect(await refused({})).toMatch(/^ConfigError: blobs: the bucket cannot be used, access is denied/);
    process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
    expect(await refused({ blobs: { bucket: 'nowhere' } })).toMatch(/NoSuchBucket/);
  });

  it('does not start with a certificate that has expired', async () => {
    const tls = await selfSigned(Date.now() - 400 * 24 * 3_600_000);
    expect(await refused({ tls })).toMatch(/^ConfigError: tls: the certificate expired on/);
  });

  it('does not start on a database of an older version, or one that never answers', async () => {
    const ownerUrl = await postgres.createDatabase('older');
    await migrate(ownerUrl, migrations.length - 1);
    const older = new URL(databaseUrl);
    older.pathname = '/older';
    expect(await refused({ databaseUrl: older.href })).toMatch(
      new RegExp(
        `has version ${migrations.length - 1}; this program needs ${migrations.length}. Migrate it first`,
      ),
    );
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await refused({ databaseUrl: `postgres://a:b@127.0.0.1:${port}/x` })).toMatch(
      /databaseUrl: .* does not answer/,
    );
    silent.close();
  });
});

describe('a migration', () => {
  it('says that another one is running, and changes nothing', async () => {
    const ownerUrl = await postgres.createDatabase('busy');
    const other = new pg.Client({ connectionString: ownerUrl });
    await other.connect();
    await other.query(`select pg_advisory_lock(32776178843117927)`);
    const database = { databaseUrl: ownerUrl };
    await expect(migrateWith({ database, all: migrations, patienceMs: 300 })).rejects.toThrow(
      /^Another migration is already running on this database. Nothing was changed.$/,
    );
    await other.end();
    expect(await migrate(ownerUrl)).toHaveLength(migrations.length);
  });

  it('gives up soon on a table that somebody holds, and leaves nothing', async () => {
    const ownerUrl = await postgres.createDatabase('held');
    await migrate(ownerUrl);
    const other = new pg.Client({ connectionString: ownerUrl });
    await other.connect();
    await other.query('begin; lock table cases in access share mode');
    const number = migrations.length + 1;
    const next = {
      number,
      phase: 'expand',
      name: 'x',
      sql: 'alter table cases add column site text',
    } as const;
    const database = { databaseUrl: ownerUrl };
    await expect(migrateWith({ database, all: [...migrations, next] })).rejects.toMatchObject({
      code: '55P03',
    });
    await other.end();
    expect(await migrateWith({ database, all: [...migrations, next] })).toEqual([number]);
  });

  it('runs as an owner who is no superuser, as RDS has it', async () => {
    const ownerUrl = await postgres.createDatabase('managed');
    const root = new pg.Client({ connectionString: ownerUrl });
    await root.connect();
    await root.query(`create role managed_owner login createrole createdb password 'for-this-test-only'`);
    await root.query(
      'alter database managed owner to managed_owner; alter schema public owner to managed_owner',
    );
    // On RDS the role of the service is made by the owner itself; in this cluster an earlier test has made it.
    await root.query('grant tma_service to managed_owner with admin option');
    await root.end();
    const owner = new URL(ownerUrl);
    owner.username = 'managed_owner';
    owner.password = 'for-this-test-only';
    const order = { ownerUrl: owner.href, servicePassword: 'for-this-test-only' };
    const first = await prepareDatabase(order);
    expect(first.applied).toHaveLength(migrations.length);
    expect((await prepareDatabase(order)).applied).toEqual([]);
    expect(await refused({ databaseUrl: first.databaseUrl })).toBe('started');
  });
});
