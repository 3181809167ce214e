import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from './postgres.ts';
import { isAlive, parentOf, waitForEnd } from './processes.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const postmaster = async (dataDir: string) =>
  Number.parseInt(await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10);

describe('PostgreSQL for tests', () => {
  it('starts, keeps databases apart, and leaves nothing behind', async () => {
    const server = await startPostgres({ ephemeral: true });
    const other = await server.createDatabase('other');
    await query(server.url, 'create table only_here (n int)');
    expect(await query(other, "select 1 from pg_tables where tablename = 'only_here'")).toEqual([]);
    const pid = await postmaster(server.dataDir);
    await server.stop();
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(server.dataDir)).toBe(false);
  });

  it('listens on loopback only and asks for the password', async () => {
    const server = await startPostgres({ ephemeral: true });
    try {
      expect(await query(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
      const wrong = server.url.replace(/:[^:@/]+@/, ':wrong@');
      await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
    } finally {
      await server.stop();
    }
  });
});

describe('PostgreSQL for development', () => {
  let dataDir: string;
  let server: RunningPostgres;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tma-postgres-test-'));
    server = await startPostgres({ dataDir });
    await query(server.url, 'create table kept (n int); insert into kept values (1)');
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('keeps its data, address and password from one start to the next', async () => {
    const before = server.url;
    await server.stop();
    server = await startPostgres({ dataDir });
    expect(server.url).toBe(before);
    expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a folder that a running program uses', async () => {
    await expect(startPostgres({ dataDir })).rejects.toThrow(/Another running program uses the database/);
    expect(await query(server.url, 'select n from kept')).toEqual([{ n: 1 }]);
  }, 30_000);

  it('recovers committed data after kill -9', async () => {
    await query(server.url, 'insert into kept values (2)');
    const pid = await postmaster(dataDir);
    process.kill(pid, 'SIGKILL');
    await waitForEnd(pid, 5_000);
    await server.stop();
    server = await startPostgres({ dataDir });
    expect(await query(server.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('shuts down a server that outlived its guard, and starts again', async () => {
    const pid = await postmaster(dataDir);
    const guard = await parentOf(pid);
    if (guard === undefined) throw new Error('the server has no parent');
    process.kill(guard, 'SIGKILL');
    await waitForEnd(guard, 5_000);
    expect(isAlive(pid)).toBe(true);
    server = await startPostgres({ dataDir });
    expect(isAlive(pid)).toBe(false);
    expect(await query(server.url, 'select count(*)::int as count from kept')).toEqual([{ count: 2 }]);
  });

  it('starts over a lock file whose process id belongs to something else by now', async () => {
    await server.stop();
    await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n${dataDir}\n`);
    server = await startPostgres({ dataDir });
    expect(await query(server.url, 'select count(*)::int as count from kept')).toEqual([{ count: 2 }]);
  });

  it('says so when the folder was made by another major version', async () => {
    await server.stop();
    const file = join(dataDir, 'cluster', 'PG_VERSION');
    const version = await readFile(file, 'utf8');
    await writeFile(file, '9\n');
    await expect(startPostgres({ dataDir })).rejects.toThrow(/made by PostgreSQL 9;.*--reset/s);
    await writeFile(file, version);
    server = await startPostgres({ dataDir });
  });
});
