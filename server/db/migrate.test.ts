import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../tools/support/postgres.ts';
import { startService } from '../start.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { prepareDatabase } from './prepare.ts';

let postgres: RunningPostgres;
let url: string;
let client: pg.Client;
let made = 0;

beforeAll(async () => {
  postgres = await startPostgres({ ephemeral: true });
});
beforeEach(async () => {
  made += 1;
  url = await postgres.createDatabase(`migrate${made}`);
  client = new pg.Client({ connectionString: url });
  await client.connect();
  return () => client.end();
});
afterAll(() => postgres?.stop());

const fails = (statement: string, code: string) =>
  expect(client.query(statement), statement).rejects.toMatchObject({ code });
const [checkViolation, uniqueViolation, foreignKey] = ['23514', '23505', '23503'];
const id = (n: number) => `'01900000-0000-7000-8000-${String(n).padStart(12, '0')}'`;
const bytes = (length: number, fill = '00') => `'\\x${fill.repeat(length)}'::bytea`;

const person = `
  insert into tenants values (${id(1)}, 'T', '{}', now()), (${id(2)}, 'U', '{}', now());
  insert into users (tenant_id, user_id, name, role, created_at) values (${id(1)}, ${id(3)}, 'Ada', 'specialist', now())`;
const aCase = `
  ${person};
  insert into cases values (${id(1)}, ${id(5)}, '2026-0001', ${id(3)}, now(), 0, ${bytes(32)}, 0, null)`;

describe('migrations', () => {
  it('are numbered without gaps and each in its place', () => {
    expect(migrations.map((migration) => migration.number)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('apply once, also when several tasks start at the same time', async () => {
    const all = migrations.map((migration) => migration.number);
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(applied.flat().sort((a, b) => a - b)).toEqual(all);
    expect(await migrate(url)).toEqual([]);
  });

  it('refuse a database that is newer than the program', async () => {
    await migrate(url);
    await client.query(
      `insert into tma_meta.migrations values (${migrations.length + 1}, 'expand', 'later')`,
    );
    await expect(migrate(url)).rejects.toThrow(/Update the program/);
  });

  it('leave nothing of one that fails', async () => {
    await client.query('create table proofs (x int)');
    await expect(migrate(url)).rejects.toMatchObject({ code: '42P07' });
    const { rows } = await client.query(
      'select max(number) as last, to_regclass($1) as table from tma_meta.migrations',
      ['enrolment_codes'],
    );
    expect(rows[0]).toEqual({ last: 1, table: null });
  });

  it('must be applied before the service starts', async () => {
    const keysDir = await mkdtemp(join(tmpdir(), 'tma-keys-'));
    const { databaseUrl } = await prepareDatabase({ ownerUrl: url, servicePassword: 'secret' });
    const empty = new URL(databaseUrl);
    empty.pathname = new URL(await postgres.createDatabase('migrateempty')).pathname;
    await expect(startService({ databaseUrl: empty.href, keysDir })).rejects.toThrow(/version 0/);
    await client.query(`delete from tma_meta.migrations where number = ${migrations.length}`);
    await expect(startService({ databaseUrl, keysDir })).rejects.toThrow(/Migrate it first/);
    await rm(keysDir, { recursive: true });
  });
});

describe('migration 1, tenancy', () => {
  it('keeps people and devices within their tenant', async () => {
    await migrate(url, 1);
    await client.query(person);
    const device = (tenant: number, key: string, device = 7) =>
      `insert into devices (tenant_id, device_id, user_id, label, public_key, program, enrolled_at)
       values (${id(tenant)}, ${id(device)}, ${id(3)}, 'x', ${key}, '', now())`;
    await fails(device(2, bytes(32)), foreignKey);
    await fails(device(1, bytes(31)), checkViolation);
    await client.query(device(1, bytes(32)));
    await fails(device(1, bytes(32), 8), uniqueViolation);
    await fails(`update users set role = 'king'`, checkViolation);
  });
});

describe('migration 2, enrolment', () => {
  it('keeps a used code with its device, and each proof once', async () => {
    await migrate(url, 2);
    await client.query(person);
    await client.query(
      `insert into enrolment_codes (tenant_id, code_hash, user_id, expires_at, created_at)
       values (${id(1)}, ${bytes(32)}, ${id(3)}, now(), now())`,
    );
    await fails('update enrolment_codes set used_at = now()', checkViolation);
    const use = `select tma.use_proof(${id(1)}, ${id(7)}, 'p', now()) as first`;
    const answers = [await client.query(use), await client.query(use)];
    expect(answers.map(({ rows }) => rows[0].first)).toEqual([true, false]);
    await client.query(`select tma.forget_proofs(now() + interval '1 second')`);
    expect((await client.query(use)).rows[0].first).toBe(true);
  });
});

describe('migration 3, access', () => {
  it('keeps case numbers apart, and grants within tenant and roles', async () => {
    await migrate(url, 3);
    await client.query(aCase);
    await fails(
      `insert into cases values (${id(1)}, ${id(6)}, '2026-0001', ${id(3)}, now(), 0, ${bytes(32)}, 0, null)`,
      uniqueViolation,
    );
    const grant = (tenant: number, role: string) =>
      `insert into grants values (${id(tenant)}, ${id(5)}, ${id(3)}, '${role}', null, 1, now(), null)`;
    await fails(grant(2, 'lead'), foreignKey);
    await fails(grant(1, 'king'), checkViolation);
    await client.query(grant(1, 'lead'));
  });
});

describe('migration 4, log', () => {
  it('gives each position, change id and chain number once', async () => {
    await migrate(url, 4);
    await client.query(aCase);
    const change = (position: number, changeId: number, n: number, status = 'applied') =>
      `insert into changes values (${id(1)}, ${id(5)}, ${position}, ${id(changeId)}, ${id(7)}, ${n}, ${bytes(32)},
        ${bytes(32)}, '{}', ${bytes(32)}, '', '${status}', null, 0, 0, 0)`;
    await client.query(change(1, 11, 1));
    await fails(change(1, 12, 2), uniqueViolation);
    await fails(change(2, 11, 2), uniqueViolation);
    await fails(change(2, 12, 1), uniqueViolation);
    await fails(change(2, 12, 2, 'quarantined'), checkViolation);
    await client.query(change(2, 12, 2));
  });

  it('keeps a signed run as long in the log as in its chain', async () => {
    await migrate(url, 4);
    await client.query(`${aCase};
      insert into devices (tenant_id, device_id, user_id, label, public_key, program, enrolled_at)
      values (${id(1)}, ${id(7)}, ${id(3)}, 'x', ${bytes(32)}, '', now())`);
    const run = (last: number, to: number) =>
      `insert into segments values (${id(1)}, ${id(5)}, 1, ${last}, ${id(7)}, 2, 1, ${to}, ${bytes(32)}, ${bytes(64)}, 9)`;
    await fails(run(3, 3), checkViolation);
    await client.query(run(3, 4));
  });
});

describe('migration 5, audit', () => {
  it('gives each position of a tenant once', async () => {
    await migrate(url, 5);
    await client.query(person);
    const entry = `insert into audit values (${id(1)}, 1, '{}', ${bytes(32)})`;
    await client.query(entry);
    await fails(entry, uniqueViolation);
  });
});

describe('migration 15, leases', () => {
  const device = `${aCase};
    insert into devices (tenant_id, device_id, user_id, label, public_key, program, enrolled_at)
    values (${id(1)}, ${id(7)}, ${id(3)}, 'x', ${bytes(32)}, '', now())`;
  const as = (tenant: number, duty: string) =>
    `select set_config('tma.tenant', ${id(tenant)}, false), set_config('tma.duty', '${duty}', false)`;
  const given = (position: number) =>
    `select tma.note_deliveries(array[${id(7)}]::uuid[], array[${id(5)}]::uuid[], array[${position}])`;

  it('notes what a device was given, once for each case and never less than before', async () => {
    await migrate(url, 15);
    await client.query(device);
    await client.query(as(1, 'devices'));
    for (const position of [3, 9, 4]) await client.query(given(position));
    const { rows } = await client.query('select case_id::text, position from deliveries');
    expect(rows).toEqual([{ case_id: id(5).slice(1, -1), position: 9 }]);
  });

  it('notes nothing for another organisation or without the duty, and tells nobody but administrators', async () => {
    await migrate(url, 15);
    await client.query(device);
    for (const claim of [as(2, 'devices'), as(1, '')]) {
      await client.query(claim);
      await client.query(given(1));
    }
    expect((await client.query('select from deliveries')).rowCount).toBe(0);
    await client.query(as(1, 'devices'));
    await client.query(given(1));
    const held = async (claim: string) => {
      await client.query(claim);
      return (await client.query(`select case_id from tma.held_cases(array[${id(7)}]::uuid[])`)).rowCount;
    };
    expect([await held(as(1, 'devices')), await held(as(2, 'admin')), await held(as(1, 'admin'))]).toEqual([
      0, 0, 1,
    ]);
  });

  it('lets a lease end for a reason it knows', async () => {
    await migrate(url, 15);
    await client.query(device);
    const lease = (because: string) =>
      `insert into leases values (${id(1)}, ${id(9)}, ${id(7)}, ${id(3)}, ${id(5)}, 'travel', now(), now(), now(), now(),
        now(), '${because}')`;
    await fails(lease('lost'), checkViolation);
    await client.query(lease('over'));
  });
});

describe('migration 18, openings', () => {
  it('keeps every different opening of a case with a device once, and tells administrators', async () => {
    await migrate(url, 18);
    await client.query(`${aCase};
      insert into devices (tenant_id, device_id, user_id, label, public_key, program, enrolled_at)
      values (${id(1)}, ${id(7)}, ${id(3)}, 'x', ${bytes(32)}, '', now())`);
    const as = (duty: string) =>
      client.query(
        `select set_config('tma.tenant', ${id(1)}, false), set_config('tma.duty', '${duty}', false)`,
      );
    await as('devices');
    for (const opening of ['notes ', '* ', 'notes ']) {
      await client.query(`select tma.note_deliveries(array[${id(7)}]::uuid[], array[${id(5)}]::uuid[], array[1],
        array['${opening}'])`);
    }
    const told = () => client.query(`select opened from tma.held_openings(array[${id(7)}]::uuid[])`);
    expect((await told()).rows).toEqual([]);
    await as('admin');
    expect((await told()).rows).toEqual([{ opened: ['* ', 'notes '] }]);
  });
});

describe('migration 19, rows of runs', () => {
  it('keeps a signed run with its case, and the service from adding to a case that is not in hand', async () => {
    await migrate(url, 19);
    await client.query(`${aCase};
      insert into devices (tenant_id, device_id, user_id, label, public_key, program, enrolled_at)
      values (${id(1)}, ${id(7)}, ${id(3)}, 'x', ${bytes(32)}, '', now())`);
    const noCase = id(99);
    await fails(
      `insert into segments values (${id(1)}, ${noCase}, 1, 1, ${id(7)}, 1, 1, 1, ${bytes(32)}, ${bytes(64)}, 9)`,
      foreignKey,
    );
    const inHand = `set local role tma_service; select set_config('tma.tenant', ${id(1)}::text, true),
      set_config('tma.case', ${id(5)}::text, true)`;
    const rows = [
      `insert into changes values (${id(1)}, ${noCase}, 1, ${id(11)}, ${id(7)}, 1, ${bytes(32)}, ${bytes(32)}, '{}',
        ${bytes(32)}, '', 'applied', null, 0, 0, 0)`,
      `insert into records values (${id(1)}, ${noCase}, ${id(12)}, 'note', '', 1)`,
    ];
    for (const row of rows) {
      await client.query(`begin; ${inHand}`);
      await fails(row, '42501');
      await client.query('rollback');
    }
  });
});
