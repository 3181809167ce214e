import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { configFromEnvironment } from '../environment.ts';
import { loginOf } from './login.ts';
import { prepareDatabase } from './prepare.ts';
import { prepareDatabaseFromEnvironment } from './prepareFromEnvironment.ts';

let postgres: RunningPostgres;
let ownerUrl: string;
const [first, second] = ['the-first-password-of-all', 'the-second-password-of-all'];

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
  ownerUrl = await postgres.createDatabase('rotation');
});
afterAll(() => postgres?.stop());

const connect = async (databaseUrl: string) => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  return client;
};
const migrate = (password: string) =>
  prepareDatabaseFromEnvironment({ TMA_OWNER_DATABASE_URL: ownerUrl, TMA_SERVICE_PASSWORD: password });

describe('a new password for the database', () => {
  it('refuses nobody while it is taken into use, and the old one opens nothing afterwards', async () => {
    const old = await prepareDatabase({ ownerUrl, servicePassword: first });
    const oldTask = await connect(old.databaseUrl);

    expect(await migrate(second)).toMatch(/^rotation_\w+, the login of an earlier password, is in use/m);
    const another = await connect(old.databaseUrl);
    await another.end();
    const today = await prepareDatabase({ ownerUrl, servicePassword: second });
    const newTask = await connect(today.databaseUrl);
    expect((await newTask.query('select count(*)::int as n from tenants')).rows).toEqual([{ n: 0 }]);

    await oldTask.end();
    await expect.poll(() => migrate(second)).toMatch(`Removed ${old.logins.name}`);
    await expect(connect(old.databaseUrl)).rejects.toMatchObject({ code: '28P01' });
    expect((await newTask.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await newTask.end();
  });

  it('is found by a task that is given nothing but the password', async () => {
    const { logins } = await prepareDatabase({ ownerUrl, servicePassword: second });
    const url = new URL(ownerUrl);
    url.username = '';
    url.password = '';
    const config = await configFromEnvironment({
      TMA_DATABASE_URL: url.href,
      TMA_DATABASE_PASSWORD: second,
      TMA_KEYS_DIR: 'keys',
      TMA_EVIDENCE_DIR: 'evidence',
    });
    expect(new URL(config.databaseUrl).username).toBe(logins.name);
    await (await connect(config.databaseUrl)).end();
  });

  it('leaves the logins of other databases alone, also when the name of one begins like ours', async () => {
    const other = await prepareDatabase({
      ownerUrl: await postgres.createDatabase('rotation_b'),
      servicePassword: first,
    });
    expect(await migrate(second)).toBe('The database is up to date; nothing to do.');
    await (await connect(other.databaseUrl)).end();
  });

  it('has a login whose name PostgreSQL does not cut', () => {
    expect(loginOf('d'.repeat(63), first)).toHaveLength(63);
    expect(loginOf('tma', first)).not.toBe(loginOf('tma', second));
  });
});
