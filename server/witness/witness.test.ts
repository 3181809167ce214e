/** The hourly witness on real PostgreSQL, with several tasks, outages of its storage, and the proof a laptop checks. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../platform/crypto.ts';
import type { CaseId, TenantId } from '../../shared/ids.ts';
import { isCheckpointSigned } from '../../shared/integrity/checkpoint.ts';
import {
  checkWitnessed,
  hourOf,
  linkOf,
  readStatement,
  type SignedStatement,
  type WitnessStatement,
} from '../../shared/integrity/witness.ts';
import { zeroHash } from '../../shared/sync/change.ts';
import type { WitnessAnswer } from '../../shared/sync/wire.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { connect, type Db } from '../db/connect.ts';
import { loadServiceKeys } from '../keys/serviceKeys.ts';
import { type Laptop, newCaseId, newRecordId, received } from '../testing/laptop.ts';
import { startWorld, type World } from '../testing/world.ts';
import { folderWitness } from './folderWitness.ts';
import { keepWitness, type WitnessKeeping, witnessAge } from './keepWitness.ts';
import { s3Witness } from './s3Witness.ts';
import { makeStatement } from './statements.ts';
import type { WitnessStore } from './witnessStore.ts';

const hourMs = 3_600_000;

let postgres: RunningPostgres;
let world: World;
let dir: string;
let db: Db;
let keeping: WitnessKeeping;
let nowMs = Math.ceil(Date.now() / hourMs) * hourMs + 5 * 60_000;
let ada: Laptop;
let first: CaseId;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('witness') });
  dir = await mkdtemp(join(tmpdir(), 'tma-witness-'));
  db = connect({ databaseUrl: world.databaseUrl, size: 8 });
  const { signer, epoch } = await loadServiceKeys(world.keysDir);
  keeping = { db, signer, epoch, nowMs: () => nowMs, store: folderWitness(dir) };
  ada = await world.laptop('Ada');
  first = newCaseId();
  await ada.push(world.service.epoch, ada.write(first, received()));
});
afterAll(async () => {
  await db?.destroy();
  await world?.stop();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function written(tenant: TenantId = world.tenant): Promise<readonly SignedStatement[]> {
  const folder = join(dir, 'roots', tenant);
  const names = (await readdir(folder).catch(() => [])).sort();
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as SignedStatement),
  );
}
function statementOf(signed: SignedStatement | undefined): WitnessStatement {
  const read = signed && readStatement(signed, world.service.publicKey, nodeCrypto);
  if (read === undefined) throw new Error('no statement signed by the service');
  return read;
}
const ask = async (laptop: Laptop, ...cases: readonly CaseId[]) =>
  (await laptop.ask<WitnessAnswer>('/v1/sync/witness', { cases })).body.cases;
const check = (caseId: CaseId, answer: WitnessAnswer['cases'][number] | undefined) => {
  if (answer === undefined) throw new Error('no answer');
  return checkWitnessed(caseId, answer.witnessed, {
    serviceKey: world.service.publicKey,
    crypto: nodeCrypto,
  });
};

describe('the hourly witness', () => {
  it('is written once an hour for each tenant, however many tasks are at it', async () => {
    await Promise.all(Array.from({ length: 6 }, () => keepWitness(keeping)));
    await keepWitness(keeping);
    const [only, ...more] = await written();
    expect(more).toEqual([]);
    expect(statementOf(only)).toMatchObject({ hour: hourOf(nowMs), cases: 1, previous: zeroHash });
  });

  it('lies there so that nobody can change it', async () => {
    const folder = join(dir, 'roots', world.tenant);
    const [name = ''] = await readdir(folder);
    expect((await stat(join(folder, name))).mode & 0o222).toBe(0);
    const [before] = await written();
    await keeping.store.put(`roots/${world.tenant}/${name}`, { text: 'another', sig: 'x' });
    expect(await written()).toEqual([before]);
  });

  it('is chained: every statement names the one before, and hours without one show', async () => {
    nowMs += 3 * hourMs;
    await keepWitness(keeping);
    const [one, two] = await written();
    expect(one && statementOf(two).previous).toBe(one && linkOf(one, nodeCrypto));
    expect(Date.parse(statementOf(two).hour) - Date.parse(statementOf(one).hour)).toBe(3 * hourMs);
  });

  it('keeps of each case only the hours at which it moved', async () => {
    await ada.push(
      world.service.epoch,
      ada.write(first, { kind: 'note', op: 'create', record: newRecordId(), fields: { text: 'x' } }),
    );
    nowMs += hourMs;
    await keepWitness(keeping);
    nowMs += hourMs;
    await keepWitness(keeping);
    const { rows } = await postgresRows(
      `select position from witness_heads where case_id = '${first}' order by hour`,
    );
    expect(rows.map((row) => row.position)).toEqual([1, 2]);
  });

  it('is caught up after an outage of the storage, oldest first, and tells how late it is', async () => {
    const stored = (await written()).length;
    const broken: WitnessStore = { ...keeping.store, put: () => Promise.reject(new Error('no storage')) };
    const since = nowMs - (nowMs % hourMs);
    for (let hour = 0; hour < 3; hour += 1) {
      nowMs += hourMs;
      await expect(keepWitness({ ...keeping, store: broken })).rejects.toThrow('no storage');
    }
    expect(await written()).toHaveLength(stored);
    expect(await witnessAge(db, nowMs)).toBe((nowMs - since) / 1_000);
    await keepWitness(keeping);
    const all = await written();
    expect(all).toHaveLength(stored + 3);
    expect(all.slice(1).map((one) => statementOf(one).previous)).toEqual(
      all.slice(0, -1).map((one) => linkOf(one, nodeCrypto)),
    );
    expect(await witnessAge(db, nowMs)).toBeLessThan(3_600);
  });

  it('S06: leaves a signed checkpoint of the audit log each time', async () => {
    const { rows } = await postgresRows(
      `select position, encode(hash, 'base64') as hash, encode(sig, 'base64') as sig from audit_checkpoints
       where tenant_id = '${world.tenant}' order by position desc limit 1`,
    );
    const url = (value: unknown) => Buffer.from(String(value), 'base64').toString('base64url');
    const checkpoint = {
      position: Number(rows[0]?.position),
      hash: url(rows[0]?.hash),
      sig: url(rows[0]?.sig),
    };
    const by = { serviceKey: world.service.publicKey, crypto: nodeCrypto };
    expect(isCheckpointSigned(world.tenant, checkpoint, by)).toBe(true);
    const later = { ...checkpoint, position: checkpoint.position + 1 };
    expect(isCheckpointSigned(world.tenant, later, by)).toBe(false);
  });

  it('makes nothing for an hour that is over', async () => {
    expect(await makeStatement(keeping, world.tenant, hourOf(nowMs - hourMs))).toBe(false);
  });
});

describe('a laptop', () => {
  it('is proved that the statement names its case as it stands', async () => {
    for (let more = 0; more < 6; more += 1)
      await ada.push(world.service.epoch, ada.write(newCaseId(), received()));
    nowMs += hourMs;
    await keepWitness(keeping);
    const [answer] = await ask(ada, first);
    expect(answer?.witnessed.position).toBe(2);
    expect(check(first, answer)).toMatchObject({ hour: hourOf(nowMs), cases: 7 });
  });

  it('finds out a proof for another case, another past, or a root nobody signed', async () => {
    const [answer] = await ask(ada, first);
    if (answer === undefined) throw new Error('no answer');
    const { witnessed } = answer;
    const with_ = (change: Partial<typeof witnessed>) =>
      check(first, { case: first, witnessed: { ...witnessed, ...change } });
    expect(check(newCaseId(), answer)).toBe('inclusion');
    expect(with_({ position: 1 })).toBe('inclusion');
    expect(with_({ running: zeroHash })).toBe('inclusion');
    expect(with_({ proof: { ...witnessed.proof, index: 0 } })).toBe('inclusion');
    const text = witnessed.statement.text.replace('"cases":7', '"cases":8');
    expect(with_({ statement: { ...witnessed.statement, text } })).toBe('signature');
  });

  it('hears nothing of cases it may not see, nor of another tenant’s', async () => {
    const eve = await world.laptop('Eve');
    expect(await ask(eve, first)).toEqual([]);
    const tenant = await world.service.admin.createTenant({ name: 'Other GmbH' });
    expect(await ask(await world.laptop('Mallory', 'specialist', tenant), first)).toEqual([]);
  });
});

describe('a service with a witness', () => {
  it('keeps it by itself from its start on', async () => {
    const own = await mkdtemp(join(tmpdir(), 'tma-witness-own-'));
    const started = await startWorld({
      ownerUrl: await postgres.createDatabase('witness_own'),
      config: { witness: { dir: own } },
    });
    await started.restart();
    await started.service.stop();
    const names = await readdir(join(own, 'roots', started.tenant));
    expect(names).toHaveLength(1);
    await started.stop();
    await rm(own, { recursive: true, force: true });
  });

  it('does not start on a folder that cannot be written to', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    await expect(folderWitness(join(file, 'below')).check()).rejects.toThrow(
      /^witness: the folder cannot be written to/,
    );
  });
});

describe('the witness in S3', () => {
  const server = recordedS3();
  afterAll(() => server.close());

  it('adds objects that must not be there yet, with their checksum, under the key it was told', async () => {
    const store = s3Witness({ bucket: 'roots-of-tma', kmsKey: 'alias/witness', client: server.client });
    await store.put('roots/t/2026-11-28T13Z-x.json', { text: 'a', sig: 'b' });
    expect(server.asked.at(-1)).toMatchObject({
      method: 'PUT',
      url: '/roots-of-tma/roots/t/2026-11-28T13Z-x.json?x-id=PutObject',
      headers: {
        'if-none-match': '*',
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'alias/witness',
        'x-amz-sdk-checksum-algorithm': 'SHA256',
      },
      body: '{"text":"a","sig":"b"}',
    });
  });

  it('takes a statement that is there already for written, and does not take a refusal for one', async () => {
    const store = s3Witness({ bucket: 'roots-of-tma', client: server.client });
    server.answer(412, 'PreconditionFailed');
    await expect(store.put('roots/t/x', { text: 'a', sig: 'b' })).resolves.toBeUndefined();
    await expect(store.check()).resolves.toBeUndefined();
    server.answer(403, 'AccessDenied');
    await expect(store.put('roots/t/x', { text: 'a', sig: 'b' })).rejects.toThrow();
    await expect(store.check()).rejects.toThrow(/^witness: the bucket cannot be used, access is denied/);
  });
});

async function postgresRows(text: string): Promise<{ rows: readonly Record<string, unknown>[] }> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: world.ownerUrl });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Answers as Amazon S3 does to what the local servers of its protocol do not know: conditions on writing. */
function recordedS3() {
  const asked: Asked[] = [];
  let next: { status: number; code: string } | undefined;
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { method, url, headers } = request;
      asked.push({ method, url, headers, body });
      response.writeHead(next?.status ?? 200, { 'content-type': 'application/xml' });
      response.end(next && `<Error><Code>${next.code}</Code><Message>said so</Message></Error>`);
    });
  });
  server.listen(0, '127.0.0.1');
  const client = new S3Client({
    endpoint: async () => {
      const { port } = server.address() as AddressInfo; // it listens on a network address
      return { protocol: 'http:', hostname: '127.0.0.1', port, path: '/' };
    },
    region: 'eu-central-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });
  return {
    asked,
    client,
    answer(status: number, code: string) {
      next = { status, code };
    },
    close() {
      client.destroy();
      server.close();
    },
  };
}
