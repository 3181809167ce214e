import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemIds } from '../../platform/crypto.ts';
import { newId, type TenantId } from '../../shared/ids.ts';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { connect, type Db } from './connect.ts';
import { prepareDatabase } from './prepare.ts';
import { reading, writing } from './scope.ts';

let postgres: RunningPostgres;
let db: Db;
const scope = { tenant: newId<TenantId>(systemIds), nowMs: Date.now() };

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  const { databaseUrl } = await prepareDatabase({
    ownerUrl: postgres.url,
    servicePassword: 'for-this-test-only',
  });
  db = connect({ databaseUrl, size: 4 });
});
afterAll(async () => {
  await db?.destroy();
  await postgres?.stop();
});

/** Fails as the database would. */
const raise = (state: string) => sql.raw(`do $$ begin raise exception using errcode = '${state}'; end $$`);

describe('a transaction that the database undid', () => {
  it.each(['40001', '40P01'])('is done again, three times at most: %s', async (state) => {
    let attempts = 0;
    const twice = writing(db, scope, async (trx) => {
      attempts += 1;
      if (attempts < 3) await raise(state).execute(trx);
      return 'done';
    });
    expect(await twice).toBe('done');
    expect(attempts).toBe(3);
    attempts = 0;
    const never = writing(db, scope, async (trx) => {
      attempts += 1;
      await raise(state).execute(trx);
    });
    await expect(never).rejects.toMatchObject({ code: state });
    expect(attempts).toBe(3);
  });

  it('is not done again for any other reason', async () => {
    let attempts = 0;
    const failing = writing(db, scope, async (trx) => {
      attempts += 1;
      await raise('23505').execute(trx);
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(attempts).toBe(1);
  });

  it('is a real deadlock as well: both get through', async () => {
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    await owner.query(
      'create table pair (id int primary key, n int not null); insert into pair values (1, 0), (2, 0)',
    );
    await owner.query('grant select, update on pair to tma_service');
    const touch = (first: number, second: number) =>
      writing(db, scope, async (trx) => {
        await sql`update pair set n = n + 1 where id = ${first}`.execute(trx);
        await new Promise((resume) => setTimeout(resume, 100));
        await sql`update pair set n = n + 1 where id = ${second}`.execute(trx);
      });
    await Promise.all([touch(1, 2), touch(2, 1)]);
    const { rows } = await owner.query('select n from pair order by id');
    await owner.end();
    expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
  });
});

describe('a connection that is cut', () => {
  const cut = async () => {
    const owner = new pg.Client({ connectionString: postgres.url });
    await owner.connect();
    await owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tma-service'`,
    );
    await owner.end();
  };

  it('is replaced and the reading done again; a write is not, because it may have come through', async () => {
    let attempts = 0;
    const read = reading(db, scope, async (trx) => {
      attempts += 1;
      if (attempts === 1) await cut();
      const { rows } = await sql<{ n: number }>`select 1 as n`.execute(trx);
      return rows[0]?.n;
    });
    expect(await read).toBe(1);
    expect(attempts).toBe(2);
    attempts = 0;
    const write = writing(db, scope, async (trx) => {
      attempts += 1;
      await cut();
      await sql`select 1`.execute(trx);
    });
    await expect(write).rejects.toThrow();
    expect(attempts).toBe(1);
  });
});
