import type { Migration } from '../migrate.ts';

/** What a person has begun to write and not saved yet, so that a lock or a crash loses none of it. */
export const drafts: Migration = {
  number: 5,
  name: 'drafts',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE drafts (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
};
