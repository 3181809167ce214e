/** Where the database is, and how its connections are opened. */
import type { ClientConfig } from 'pg';

export interface DatabaseAddress {
  readonly databaseUrl: string;
  /** Given, connections are TLS and the server's certificate and name are checked against these authorities. */
  readonly databaseCaPem?: string | undefined;
}

export function connectionTo({ databaseUrl, databaseCaPem }: DatabaseAddress): ClientConfig {
  if (databaseCaPem === undefined) return { connectionString: databaseUrl };
  const ssl = { ca: databaseCaPem, rejectUnauthorized: true, minVersion: 'TLSv1.2' as const };
  return { connectionString: databaseUrl, ssl };
}
