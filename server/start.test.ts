import { mkdtemp, rm } from 'node:fs/promises';
import { get as httpsGet, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseRecordId } from '../shared/ids.ts';
import { createAuthority, issueServerCertificate } from '../tools/support/authority.ts';
import { type RunningPostgres, startPostgres } from '../tools/support/postgres.ts';
import { startService } from './start.ts';
import { newCaseId, newRecordId, received } from './testing/laptop.ts';
import { readAll, startWorld, type World } from './testing/world.ts';

let postgres: RunningPostgres;
let world: World;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tma-start-'));
  postgres = await startPostgres({ ephemeral: true });
  world = await startWorld({ ownerUrl: await postgres.createDatabase('start') });
});
afterAll(async () => {
  await world?.stop();
  await postgres?.stop();
  await rm(dir, { recursive: true, force: true });
});

const settings = () =>
  ({ databaseUrl: world.databaseUrl, keysDir: world.keysDir, logLevel: 'silent' }) as const;

describe('the service', () => {
  it('keeps everything over a restart: cases, devices, keys, the epoch', async () => {
    const { epoch, publicKey } = world.service;
    const laptop = await world.laptop('Ada');
    const caseId = newCaseId();
    await laptop.push(epoch, laptop.write(caseId, received('Tür offen')));
    await world.restart();
    expect(world.service.epoch).toBe(epoch);
    expect(world.service.publicKey).toEqual(publicKey);
    await laptop.push(epoch, laptop.write(caseId, { fields: { site: 'Bonn' } }));
    const reader = await readAll(laptop, world);
    expect(reader.view(caseRecordId(caseId))?.values).toMatchObject({ title: 'Tür offen', site: 'Bonn' });
  });

  it('goes on by itself when the database cuts all its connections', async () => {
    const laptop = await world.laptop('Ada');
    const owner = new pg.Client({ connectionString: world.ownerUrl });
    await owner.connect();
    await owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tma-service%'`,
    );
    await owner.end();
    const written = laptop.write(newCaseId(), received());
    let last = await laptop.push(world.service.epoch, written);
    for (let i = 0; i < 20 && last.status !== 200; i++) {
      expect(last.body.code).toBe('service.busy');
      last = await laptop.push(world.service.epoch, written);
    }
    expect(last.body.segments[0]?.outcome).toBe('taken');
  });

  it('gives back a case that is locked for too long, and takes the others of the push', async () => {
    const laptop = await world.laptop('Ada');
    const [held, free] = [newCaseId(), newCaseId()];
    const { epoch } = world.service;
    await laptop.push(epoch, laptop.write(held, received()), laptop.write(free, received()));
    const owner = new pg.Client({ connectionString: world.ownerUrl });
    await owner.connect();
    await owner.query('begin');
    await owner.query('select from cases where case_id = $1 for update', [held]);
    const note = { kind: 'note', op: 'create' as const, record: newRecordId(), fields: { text: 'x' } };
    const blocked = laptop.write(held, note);
    const { body } = await laptop.push(
      epoch,
      blocked,
      laptop.write(free, { ...note, record: newRecordId() }),
    );
    await owner.query('rollback');
    await owner.end();
    expect(body.segments).toMatchObject([{ outcome: 'refused', code: 'service.busy' }, { outcome: 'taken' }]);
    expect((await laptop.push(epoch, blocked)).body.segments[0]?.outcome).toBe('taken');
  });

  it('answers that it is not ready while it stops, and still answers', async () => {
    const { service } = await startWorld({
      ownerUrl: await postgres.createDatabase('drain'),
      config: { drainMs: 600 },
    });
    const stopping = service.stop();
    const ready = await fetch(`${service.url}/readyz`);
    const alive = await fetch(`${service.url}/healthz`);
    await stopping;
    expect([ready.status, alive.status]).toEqual([503, 200]);
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
  });
});

describe('its TLS', () => {
  const request = (options: RequestOptions) =>
    new Promise<string | null>((resolve, reject) => {
      const asked = httpsGet({ ...options, agent: false }, (answer) => {
        answer.resume();
        resolve((answer.socket as TLSSocket).getProtocol());
      });
      asked.on('error', reject);
    });

  it('is version 1.3 with the certificate it was given, and nothing older', async () => {
    const authority = await createAuthority(join(dir, 'ca'));
    const certificate = await issueServerCertificate(authority);
    const service = await startService({
      ...settings(),
      tls: { certificatePem: certificate.certificatePem, keyPem: certificate.keyPem },
    });
    const options = { host: 'localhost', port: service.port, path: '/healthz', ca: authority.certificatePem };
    expect(service.url).toBe(`https://127.0.0.1:${service.port}`);
    expect(await request(options)).toBe('TLSv1.3');
    await expect(request({ ...options, maxVersion: 'TLSv1.2' })).rejects.toThrow();
    await expect(request({ ...options, ca: undefined })).rejects.toThrow(/certificate/);
    await service.stop();
  });

  it('is refused at the start when certificate and key do not fit', async () => {
    const one = await issueServerCertificate(await createAuthority(join(dir, 'one')));
    const two = await issueServerCertificate(await createAuthority(join(dir, 'two')));
    const tls = { certificatePem: one.certificatePem, keyPem: two.keyPem };
    await expect(startService({ ...settings(), tls })).rejects.toThrow(/certificate and its key do not fit/);
  });
});

describe('a wrong setting', () => {
  it('is named, and its value is not shown', async () => {
    const wrong = { databaseUrl: 'mysql://secret@x', keysDir: '', port: 70_000, unknown: 1 } as never;
    const error: Error = await startService(wrong).catch((thrown) => thrown);
    expect(error.message).toMatch(/databaseUrl: .*\n.*port: .*\n.*keysDir: |databaseUrl: [\s\S]*port: /);
    expect(error.message).not.toContain('secret');
  });

  it('is a port that somebody else uses', async () => {
    const { port } = world.service;
    await expect(startService({ ...settings(), port })).rejects.toMatchObject({
      code: 'host.port-in-use',
      params: { port },
    });
  });

  it('is a database that is not there, or refuses the login', async () => {
    const nowhere = { ...settings(), databaseUrl: 'postgres://a:secret@127.0.0.1:1/x' };
    await expect(startService(nowhere)).rejects.toThrow(/does not answer/);
    const refused = new URL(world.databaseUrl);
    refused.password = 'wrong';
    await expect(startService({ ...settings(), databaseUrl: refused.href })).rejects.toThrow(
      /SQLSTATE 28P01/,
    );
  });
});
