/** The pool of database connections, under the service's own role. */
import { type Dialect, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { ConfigError } from '../config.ts';
import { idleInTransactionMs, lockTimeoutMs, queryTimeoutMs, statementTimeoutMs } from '../timing.ts';
import { connectionTo, type DatabaseAddress } from './address.ts';
import { migrations } from './migrations/index.ts';
import { preparing } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;

const int8 = 20;
const date = 1082;

/** Positions and milliseconds are far below 2^53; a calendar day is a text, not an instant. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === int8) return Number;
    if (oid === date) return String;
    return pg.types.getTypeParser(oid, format);
  }) as typeof pg.types.getTypeParser, // its overloads differ in nothing but the format's type
};

/**
 * One plan for all values of a statement, and that plan by index: every statement of the service finds its rows
 * by key, and a plan made while a table was small must not read all of it when it has grown.
 */
const plannerOptions = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off';

export interface PoolOptions extends DatabaseAddress {
  readonly size: number;
  /** Stands between the service and the database: the simulation stops and breaks statements here. */
  readonly between?: (dialect: Dialect) => Dialect;
}

/** How many connections there are, and how many requests wait for one. */
export interface PoolState {
  readonly connections: number;
  readonly waiting: number;
}

export function connect(options: PoolOptions): Db {
  return connectWatched(options).db;
}

export function connectWatched(options: PoolOptions): { readonly db: Db; readonly state: () => PoolState } {
  const pool = new pg.Pool({
    ...connectionTo(options),
    max: options.size,
    connectionTimeoutMillis: 5_000,
    // After a failover the old server may never say goodbye: notice it, and let no connection grow old on it.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    query_timeout: queryTimeoutMs,
    maxLifetimeSeconds: 30 * 60,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    application_name: 'tma-service',
    options: plannerOptions,
    types,
  });
  // A connection that breaks while idle is replaced at the next use; the error must not end the process.
  pool.on('error', () => undefined);
  // The pool listens only while a connection is idle. One that breaks in somebody's hands tells them by its queries.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const dialect = new PostgresDialect({ pool: preparing(pool) });
  const db = new Kysely<Tables>({ dialect: options.between?.(dialect) ?? dialect });
  return { db, state: () => ({ connections: pool.totalCount, waiting: pool.waitingCount }) };
}

/**
 * Refuses to serve with a role that row-level security does not bind, and on a schema of another version.
 * @throws {ConfigError}
 */
export async function checkDatabase(db: Db, neededVersion = migrations.length): Promise<void> {
  try {
    await checkAnswers(db, neededVersion);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const state = sqlState(cause);
    const why = state === undefined ? 'it does not answer' : `it refuses with SQLSTATE ${state}`;
    throw new ConfigError(`databaseUrl: the database cannot be used, ${why}.`, { cause });
  }
}

async function checkAnswers(db: Db, neededVersion: number): Promise<void> {
  const { rows } = await sql<{ unbound: boolean }>`
    select rolsuper or rolbypassrls or exists (
        select from pg_class c join pg_namespace s on s.oid = c.relnamespace
        where s.nspname in ('public', 'tma') and pg_has_role(current_user, c.relowner, 'usage')
      ) as unbound
    from pg_roles where rolname = current_user`.execute(db);
  if (rows[0]?.unbound !== false) {
    throw new ConfigError(
      'databaseUrl names a role that row-level security does not bind (owner, superuser or BYPASSRLS). ' +
        'Give the login made by prepareDatabase.',
    );
  }
  const version = await schemaVersion(db);
  if (version < neededVersion) {
    throw new ConfigError(
      `The database has version ${version}; this program needs ${neededVersion}. Migrate it first.`,
    );
  }
}

const undefinedFunction = '42883';
const undefinedSchema = '3F000';

async function schemaVersion(db: Db): Promise<number> {
  try {
    const { rows } = await sql<{ version: number }>`select tma.version() as version`.execute(db);
    return rows[0]?.version ?? 0;
  } catch (error) {
    if ([undefinedFunction, undefinedSchema].includes(sqlState(error) ?? '')) return 0;
    throw error;
  }
}

/** The five-character SQLSTATE of an error of the database (PostgreSQL appendix A), if it is one. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
