/** Attachments in a folder and in S3: one suite for both, with the official client on a local server of its protocol. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemIds } from '../../platform/crypto.ts';
import { newId, type TenantId } from '../../shared/ids.ts';
import { type BlobStore, blobPath } from './blobStore.ts';
import { localBlobs } from './localBlobs.ts';
import { s3Blobs } from './s3Blobs.ts';

let folder: string;
let endpoint: string;
let strictEndpoint: string;
const servers: S3rver[] = [];
const bucket = 'evidence';
const stores: Partial<Record<'folder' | 'bucket', BlobStore>> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-blobs-'));
  // It reads the signature of a listing in a way of its own; of everything else it checks it, as the strict one does.
  endpoint = await serve('s3', { allowMismatchedSignatures: true });
  strictEndpoint = await serve('strict', {});
  stores.bucket = s3Blobs({ bucket, kmsKey: 'alias/tma/test/evidence', client: clientOf('S3RVER') });
  stores.folder = localBlobs(join(folder, 'local'));
});
afterAll(async () => {
  stores.bucket?.close();
  for (const server of servers) await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function serve(name: string, options: { allowMismatchedSignatures?: boolean }): Promise<string> {
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory: join(folder, name) },
    configureBuckets: [{ name: bucket, configs: [] }],
    ...options,
  });
  const { port } = await server.run();
  servers.push(server);
  return `http://127.0.0.1:${port}`;
}

const clientOf = (secretAccessKey: string, at = endpoint) =>
  new S3Client({
    endpoint: at,
    region: 'eu-central-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey },
  });
const newPlace = (part = 0) => ({
  tenant: newId<TenantId>(systemIds),
  blob: randomBytes(32).toString('base64url'),
  part,
});

describe.each(['folder', 'bucket'] as const)('attachments in a %s', (kind) => {
  const store = () => stores[kind] ?? localBlobs('/nowhere');

  it('come back part by part as they were, also when handed in twice', async () => {
    const place = newPlace();
    const bytes = randomBytes(300_000);
    await store().put(place, bytes);
    await store().put(place, bytes);
    await store().put({ ...place, part: 1 }, Buffer.from('end'));
    expect(Buffer.from((await store().get(place)) ?? []).equals(bytes)).toBe(true);
    expect(Buffer.from((await store().get({ ...place, part: 1 })) ?? []).toString()).toBe('end');
  });

  it('are not there for another tenant, and not before they were handed in', async () => {
    const place = newPlace();
    await store().put(place, Buffer.from('x'));
    expect(await store().get({ ...place, tenant: newPlace().tenant })).toBeUndefined();
    expect(await store().get({ ...place, part: 1 })).toBeUndefined();
  });

  it('go with all their parts, and once more without complaint', async () => {
    const place = newPlace();
    for (const part of [0, 1, 2]) await store().put({ ...place, part }, Buffer.from('x'));
    await store().remove(place);
    await store().remove(place);
    expect(await store().get(place)).toBeUndefined();
    expect(await store().get({ ...place, part: 2 })).toBeUndefined();
  });

  it('can be used, as a starting task finds out', async () => {
    await expect(store().check()).resolves.toBeUndefined();
  });

  it('have names that lead nowhere else', async () => {
    const place = newPlace();
    for (const blob of ['../../../../etc/passwd', 'a/b', '', '.'.repeat(20)])
      await expect(async () => store().get({ ...place, blob })).rejects.toThrow(RangeError);
    for (const part of [-1, 1.5, 100_000]) expect(() => blobPath({ ...place, part })).toThrow(RangeError);
  });
});

describe('a bucket that cannot be used', () => {
  const why = async (store: BlobStore) => (await store.check().catch((error: Error) => error))?.message;

  it('is told in words: denied, not there, no answer', async () => {
    expect(await why(s3Blobs({ bucket, client: clientOf('S3RVER', strictEndpoint) }))).toBeUndefined();
    expect(await why(s3Blobs({ bucket, client: clientOf('wrong', strictEndpoint) }))).toMatch(
      /^blobs: the bucket cannot be used, access is denied/,
    );
    expect(await why(s3Blobs({ bucket: 'another', client: clientOf('S3RVER') }))).toMatch(
      /refuses with 404 \(NoSuchBucket\)/,
    );
    const nowhere = clientOf('S3RVER', 'http://127.0.0.1:1');
    expect(await why(s3Blobs({ bucket, client: nowhere }))).toMatch(/does not answer/);
  });

  it('is a folder that cannot be written to', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await why(localBlobs(join(file, 'below')))).toMatch(/^blobs: the folder cannot be written to/);
  });
});
