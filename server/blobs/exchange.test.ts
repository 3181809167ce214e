/** Attachments through the routes, over PostgreSQL and each of the stores. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId } from '../../shared/ids.ts';
import { type BlobContent, blobIdOf, blobPartBytes } from '../../shared/sync/blobs.ts';
import { nonceHeader, proofHeader } from '../../shared/sync/proof.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import type { ServiceConfigInput } from '../config.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';

let postgres: RunningPostgres;
let folder: string;
let bucket: S3rver;
const environment: Record<string, string> = {
  AWS_ACCESS_KEY_ID: 'S3RVER',
  AWS_SECRET_ACCESS_KEY: 'S3RVER',
  AWS_REGION: 'eu-central-1',
};

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  folder = await mkdtemp(join(tmpdir(), 'tma-blobs-'));
  bucket = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory: join(folder, 's3') },
    configureBuckets: [{ name: 'evidence', configs: [] }],
  });
  environment.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(await bucket.run()).port}`;
  Object.assign(process.env, environment);
});
afterAll(async () => {
  for (const name of Object.keys(environment)) delete process.env[name];
  await bucket?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const b64 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64url');

/** An encrypted file and what a change says of it. */
function attachment(sizeBytes: number) {
  const bytes = randomBytes(sizeBytes);
  const pieces = Array.from({ length: Math.ceil(sizeBytes / blobPartBytes) }, (_, n) =>
    bytes.subarray(n * blobPartBytes, (n + 1) * blobPartBytes),
  );
  const parts = pieces.map(b64);
  const blob = blobIdOf({ sizeBytes, parts }, nodeCrypto);
  const key = toBase64Url(randomBytes(32));
  const content: BlobContent = { blob, file: randomBytes(16).toString('hex'), key, sizeBytes, parts };
  return { content, pieces };
}

const evidence = (content: BlobContent) => ({
  ...{ kind: 'evidence', op: 'create' as const, record: newRecordId(), schema: 2 },
  fields: { name: 'Brief.pdf', content },
});

async function ask(
  laptop: Laptop,
  method: 'GET' | 'PUT',
  path: string,
  bytes: Uint8Array = new Uint8Array(),
) {
  const once = async () => {
    const headers = {
      [proofHeader]: laptop.prove(path, bytes, { method }),
      ...(method === 'PUT' && { 'content-type': 'application/octet-stream' }),
    };
    const body = method === 'PUT' ? { body: new Uint8Array(bytes) } : {};
    const answer = await fetch(laptop.url + path, { method, headers, ...body });
    laptop.nonce = answer.headers.get(nonceHeader) ?? laptop.nonce;
    const got = Buffer.from(await answer.arrayBuffer());
    const json = answer.headers.get('content-type')?.startsWith('application/json')
      ? (JSON.parse(got.toString()) as Record<string, unknown>)
      : null;
    return { status: answer.status, got, json };
  };
  const first = await once();
  return first.json?.code === 'auth.nonce-stale' ? once() : first;
}

const put = (laptop: Laptop, blob: string, part: number, bytes: Buffer) =>
  ask(laptop, 'PUT', `/v1/blobs/${blob}/parts/${part}`, bytes);
const get = (laptop: Laptop, path: string) => ask(laptop, 'GET', `/v1/blobs/${path}`);

const stores: readonly [string, () => NonNullable<ServiceConfigInput['blobs']>][] = [
  ['a folder', () => ({ dir: join(folder, 'local') })],
  ['a bucket', () => ({ bucket: 'evidence' })],
];

describe.each(stores)('attachments in %s', (name, where) => {
  let world: World;
  let jana: Laptop;
  let caseId: CaseId;
  beforeAll(async () => {
    const ownerUrl = await postgres.createDatabase(name.replace(' ', '_'));
    world = await startWorld({ ownerUrl, config: { blobs: where() } });
    jana = await world.laptop('Jana');
    caseId = newCaseId();
  });
  afterAll(() => world?.stop());

  const push = async (laptop: Laptop, content: BlobContent, of = caseId) => {
    const edits = of === caseId && started ? [evidence(content)] : [received(), evidence(content)];
    started ||= of === caseId;
    const { body } = await laptop.push(world.service.epoch, laptop.write(of, ...edits));
    expect(body.segments[0]).toMatchObject({ outcome: 'taken' });
  };
  let started = false;

  it('arrive part by part, in any order, again without harm, and come back as they were', async () => {
    const { content, pieces } = attachment(2 * blobPartBytes + 12_345);
    await push(jana, content);
    const { blob } = content;
    expect((await get(jana, blob)).json).toEqual({ sizeBytes: content.sizeBytes, parts: 3, stored: [] });
    expect((await get(jana, `${blob}/parts/0`)).status).toBe(404);
    for (const part of [2, 0, 0]) {
      expect((await put(jana, blob, part, pieces[part] ?? Buffer.alloc(0))).status).toBe(200);
    }
    expect((await get(jana, blob)).json).toMatchObject({ stored: [0, 2] });
    expect((await put(jana, blob, 1, pieces[1] ?? Buffer.alloc(0))).status).toBe(200);
    for (const [part, piece] of pieces.entries()) {
      const { status, got } = await get(jana, `${blob}/parts/${part}`);
      expect(status).toBe(200);
      expect(got.equals(piece)).toBe(true);
    }
  });

  it('are refused when they are not what the change says, larger, or of no part there is', async () => {
    const { content, pieces } = attachment(70_000);
    await push(jana, content);
    const [piece = Buffer.alloc(0)] = pieces;
    const changed = Buffer.from(piece);
    changed.writeUInt8(changed.readUInt8(9) ^ 1, 9);
    for (const bytes of [changed, piece.subarray(1), Buffer.alloc(0)]) {
      expect((await put(jana, content.blob, 0, bytes)).json).toMatchObject({ code: 'blob.part-invalid' });
    }
    expect((await put(jana, content.blob, 1, piece)).json).toMatchObject({ code: 'blob.part-invalid' });
    expect((await put(jana, content.blob, 64, piece)).json).toMatchObject({ code: 'input.invalid' });
    const huge = Buffer.alloc(blobPartBytes + 1);
    expect((await put(jana, content.blob, 0, huge)).json).toMatchObject({ code: 'input.too-large' });
    expect((await get(jana, content.blob)).json).toMatchObject({ stored: [] });
  });

  it('are not there for whoever may not see the case, nor for another organisation', async () => {
    const { content, pieces } = attachment(5_000);
    await push(jana, content);
    const [piece = Buffer.alloc(0)] = pieces;
    await put(jana, content.blob, 0, piece);
    const elsewhere = await world.service.admin.createTenant({ name: 'Andere AG' });
    for (const stranger of [
      await world.laptop('Otto'),
      await world.laptop('Adele', 'administrator'),
      await world.laptop('Ina', 'specialist', elsewhere),
    ]) {
      for (const path of [content.blob, `${content.blob}/parts/0`]) {
        expect(await get(stranger, path)).toMatchObject({ status: 404, json: { code: 'not-found' } });
      }
      expect((await put(stranger, content.blob, 0, piece)).status).toBe(404);
    }
    expect((await get(jana, `${'A'.repeat(43)}/parts/0`)).status).toBe(404);
  });

  it('stay with their case, whoever writes their name into another one', async () => {
    const { content, pieces } = attachment(5_000);
    await push(jana, content);
    await put(jana, content.blob, 0, pieces[0] ?? Buffer.alloc(0));
    const otto = await world.laptop('Otto');
    await push(otto, content, newCaseId());
    expect((await get(otto, `${content.blob}/parts/0`)).status).toBe(404);
  });

  it('are not registered under a name that is not the hash of their parts', async () => {
    const { content } = attachment(5_000);
    const forged = { ...content, blob: toBase64Url(randomBytes(32)) };
    await push(jana, forged);
    expect((await get(jana, forged.blob)).status).toBe(404);
  });
});

it('an organisation keeps no more than it may, and a service without a store says so', async () => {
  const ownerUrl = await postgres.createDatabase('full');
  const world = await startWorld({
    ownerUrl,
    config: { blobs: { dir: join(folder, 'small') }, blobQuotaBytes: 6_000 },
  });
  const jana = await world.laptop('Jana');
  const caseId = newCaseId();
  const [small, large] = [attachment(5_000), attachment(5_000)];
  const { epoch } = world.service;
  await jana.push(epoch, jana.write(caseId, received(), evidence(small.content)));
  expect((await put(jana, small.content.blob, 0, small.pieces[0] ?? Buffer.alloc(0))).status).toBe(200);
  await jana.push(epoch, jana.write(caseId, evidence(large.content)));
  expect((await put(jana, large.content.blob, 0, large.pieces[0] ?? Buffer.alloc(0))).json).toMatchObject({
    code: 'blob.quota-reached',
  });
  expect((await get(jana, `${small.content.blob}/parts/0`)).status).toBe(200);
  await world.stop();
  const without = await startWorld({ ownerUrl: await postgres.createDatabase('without') });
  const otto = await without.laptop('Otto');
  expect((await get(otto, small.content.blob)).json).toMatchObject({ code: 'blob.no-store' });
  await without.stop();
});
