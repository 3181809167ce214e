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
import { connectionTo, type DatabaseAddress } from './address.ts';
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
 * @throws {ConfigError} when the database is newer than this program, does not answer, or is being migrated by
 *   another process for longer than is worth waiting.
 */
export function migrate(ownerUrl: string, upTo: number = migrations.length): Promise<readonly number[]> {
  return migrateWith({ database: { databaseUrl: ownerUrl }, all: migrations, upTo });
}

export interface Migrating {
  /** The connection of the schema's owner. */
  readonly database: DatabaseAddress;
  readonly all: readonly Migration[];
  /** Number of the last to apply; left out, all. */
  readonly upTo?: number;
  /** How long another process that migrates is waited for. */
  readonly patienceMs?: number;
}

/** As {@link migrate}, with everything told. */
export async function migrateWith(order: Migrating): Promise<readonly number[]> {
  const { database, all, upTo = all.length, patienceMs = 30_000 } = order;
  const client = await open(database);
  try {
    await client.query(`set client_min_messages = warning`);
    await takeLock(client, patienceMs);
    await client.query(ledger);
    const { rows } = await client.query<{ last: number | null }>(
      'select max(number) as last from tma_meta.migrations',
    );
    const last = rows[0]?.last ?? 0;
    if (last > all.length) {
      throw new ConfigError(
        `The database has version ${last}; this program knows version ${all.length}. Update the program.`,
      );
    }
    const pending = all.slice(last, upTo);
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.number);
  } finally {
    await client.end();
  }
}

async function open(database: DatabaseAddress): Promise<pg.Client> {
  const client = new pg.Client({ ...connectionTo(database), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new ConfigError(`The database to migrate does not answer or refuses the login${code}.`, { cause });
  }
}

const againMs = 250;

/** One migration at a time. The lock is the session's: it ends with a process that is killed. */
async function takeLock(client: pg.Client, patienceMs: number): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      migrationLock,
    ]);
    if (rows[0]?.taken === true) return;
    if (performance.now() > untilMs)
      throw new ConfigError('Another migration is already running on this database. Nothing was changed.');
    await new Promise((resume) => setTimeout(resume, againMs));
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
