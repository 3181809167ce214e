/**
 * Numbered, gapless migrations of the service's database, each in its own transaction, one process at a time.
 * An `expand` migration leaves the running version of the service working, so it goes out before the new
 * version; a `contract` migration removes what only an older version needed, one release later.
 *
 * Runs as the owner of the schema, never as the role the service itself connects with.
 */
import pg from 'pg';
import { ConfigError } from '../config.ts';
import { lockTimeoutMs } from '../timing.ts';
import { migrations } from './migrations/index.ts';

export interface Migration {
  readonly number: number;
  readonly phase: 'expand' | 'contract';
  readonly name: string;
  readonly sql: string;
}

/** Any 64-bit number that nobody else locks: "tma/mig". */
const migrationLock = '32776178843117927';

const ledger = `
create schema if not exists tma_meta;
create table if not exists tma_meta.migrations (
  number integer primary key,
  phase text not null,
  name text not null,
  applied_at timestamptz not null default now()
)`;

/**
 * Brings the database to the newest version, or to `upTo`; does nothing when it is there. Gives the numbers applied.
 * @throws {ConfigError} when the database is newer than this program.
 */
export async function migrate(
  ownerUrl: string,
  upTo: number = migrations.length,
): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`set client_min_messages = warning`);
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query(ledger);
    const { rows } = await client.query<{ last: number | null }>(
      'select max(number) as last from tma_meta.migrations',
    );
    const last = rows[0]?.last ?? 0;
    if (last > migrations.length) {
      throw new ConfigError(
        `The database has version ${last}; this program knows version ${migrations.length}. Update the program.`,
      );
    }
    const pending = migrations.slice(last, upTo);
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.number);
  } finally {
    await client.end();
  }
}

/** A migration that cannot get its locks soon gives up rather than queue every request behind it. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const { number, phase, name, sql } = migration;
  await client.query('begin');
  try {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    await client.query(sql);
    await client.query('insert into tma_meta.migrations (number, phase, name) values ($1, $2, $3)', [
      number,
      phase,
      name,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
