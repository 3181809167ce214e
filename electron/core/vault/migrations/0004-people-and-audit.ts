import type { Migration } from '../migrate.ts';

/** The organisation's people and laptops, and what was done on this one. */
export const peopleAndAudit: Migration = {
  number: 4,
  name: 'people-and-audit',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE users (
        id     TEXT PRIMARY KEY,
        name   TEXT NOT NULL,
        role   TEXT NOT NULL,
        active INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE devices (
        id         TEXT PRIMARY KEY,
        user_id    TEXT NOT NULL,
        label      TEXT NOT NULL,
        public_key TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit (
        seq       INTEGER PRIMARY KEY,
        at_ms     INTEGER NOT NULL,
        action    TEXT NOT NULL,
        case_id   TEXT,
        record_id TEXT,
        detail    TEXT NOT NULL,
        hash      TEXT NOT NULL
      ) STRICT;
    `),
};
