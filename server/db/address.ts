/** Where the database is, and how its connections are opened. */
import type { ClientConfig } from 'pg';

export interface DatabaseAddress {
  /** `?sslmode=verify-full` forces TLS, `?sslmode=disable` leaves it out; nothing else can be said. */
  readonly databaseUrl: string;
  /** Authorities the server's certificate must come from. Given, TLS is forced unless the address leaves it out. */
  readonly databaseCaPem?: string | undefined;
}

/** With TLS, the server's certificate and name are always checked: there is no way to ask for less. */
export function connectionTo({ databaseUrl, databaseCaPem }: DatabaseAddress): ClientConfig {
  const url = new URL(databaseUrl);
  const mode = url.searchParams.get('sslmode');
  // Taken out, because `pg` would put its own reading of it over what is said here.
  url.searchParams.delete('sslmode');
  const isPlain = mode === null ? databaseCaPem === undefined : mode === 'disable';
  if (isPlain) return { connectionString: url.href };
  const authorities = databaseCaPem === undefined ? {} : { ca: databaseCaPem };
  return {
    connectionString: url.href,
    ssl: { ...authorities, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  };
}
