import type { Migration } from '../migrate.ts';

/**
 * The cases that are checked out here, as the service granted them last, by this laptop's clock; and those whose time
 * was over, by number alone, until they are here again.
 */
export const leases: Migration = {
  number: 15,
  name: 'leases',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE leases (
        case_id    TEXT PRIMARY KEY,
        id         TEXT NOT NULL,
        purpose    TEXT NOT NULL,
        since_ms   INTEGER NOT NULL,
        until_ms   INTEGER NOT NULL,
        wished_ms  INTEGER NOT NULL,
        renewed_ms INTEGER NOT NULL,
        returned   INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE expired_cases (
        case_id TEXT PRIMARY KEY,
        number  TEXT,
        at_ms   INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
};
