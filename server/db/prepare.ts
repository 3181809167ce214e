/** Makes a database ready for the service: the schema, and a login that may do what the service does and no more. */
import pg from 'pg';
import { connectionTo } from './address.ts';
import { ensureLogin, type Logins } from './login.ts';
import { migrateWith } from './migrate.ts';
import { migrations } from './migrations/index.ts';

export interface PrepareOptions {
  /** Connection string of the schema's owner. */
  readonly ownerUrl: string;
  /** Given, the connection is TLS and checked against these authorities. */
  readonly ownerCaPem?: string | undefined;
  /** Password for the service's login, which each password has of its own. Letters, digits, `-` and `_`. */
  readonly servicePassword: string;
}

export interface PreparedDatabase {
  /** Connection string of the service's own login: what `databaseUrl` of the service is. */
  readonly databaseUrl: string;
  /** Numbers of the migrations that were applied now. */
  readonly applied: readonly number[];
  readonly logins: Logins;
}

/**
 * Migrates, then makes the login of the password, which belongs to the role `tma_service`.
 * @throws {ConfigError} when the database is newer than this program.
 */
export async function prepareDatabase(options: PrepareOptions): Promise<PreparedDatabase> {
  const owner = { databaseUrl: options.ownerUrl, databaseCaPem: options.ownerCaPem };
  const applied = await migrateWith({ database: owner, all: migrations });
  const client = new pg.Client(connectionTo(owner));
  await client.connect();
  try {
    const logins = await ensureLogin(client, options.servicePassword);
    const url = new URL(options.ownerUrl);
    url.username = logins.name;
    url.password = options.servicePassword;
    return { databaseUrl: url.href, applied, logins };
  } finally {
    await client.end();
  }
}
