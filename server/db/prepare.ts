/** Makes a database ready for the service: the schema, and a login that may do what the service does and no more. */
import pg from 'pg';
import { connectionTo } from './address.ts';
import { migrateWith } from './migrate.ts';
import { migrations } from './migrations/index.ts';

export interface PrepareOptions {
  /** Connection string of the schema's owner. */
  readonly ownerUrl: string;
  /** Given, the connection is TLS and checked against these authorities. */
  readonly ownerCaPem?: string | undefined;
  /** Password for the service's login; set anew each time. Letters, digits, `-` and `_`. */
  readonly servicePassword: string;
}

export interface PreparedDatabase {
  /** Connection string of the service's own login: what `databaseUrl` of the service is. */
  readonly databaseUrl: string;
  /** Numbers of the migrations that were applied now. */
  readonly applied: readonly number[];
}

/**
 * Migrates, then makes or updates the login `<database>_login`, which belongs to the role `tma_service`.
 * @throws {ConfigError} when the database is newer than this program.
 */
export async function prepareDatabase(options: PrepareOptions): Promise<PreparedDatabase> {
  const owner = { databaseUrl: options.ownerUrl, databaseCaPem: options.ownerCaPem };
  const applied = await migrateWith({ database: owner, all: migrations });
  const client = new pg.Client(connectionTo(owner));
  await client.connect();
  try {
    const login = await ensureLogin(client, options.servicePassword);
    const url = new URL(options.ownerUrl);
    url.username = login;
    url.password = options.servicePassword;
    return { databaseUrl: url.href, applied };
  } finally {
    await client.end();
  }
}

async function ensureLogin(client: pg.Client, password: string): Promise<string> {
  const { rows } = await client.query<{ name: string; known: boolean }>(
    `select login.name, exists (select from pg_roles where rolname = login.name) as known
     from (select left(current_database(), 50) || '_login' as name) as login`,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('current_database() gave no row');
  const login = client.escapeIdentifier(row.name);
  const secret = `login password ${client.escapeLiteral(password)}`;
  const rights = 'nosuperuser nobypassrls nocreatedb nocreaterole';
  // Naming a right that only a superuser may give is refused to everybody else, as to the owner on RDS, also when it
  // takes the right away. What the login may do was settled when it was made, and a starting service looks again.
  await client.query(
    row.known ? `alter role ${login} ${secret}` : `create role ${login} ${secret} ${rights}`,
  );
  await client.query(`grant tma_service to ${login}`);
  return row.name;
}
