import type { Migration } from '../migrate.ts';

/** What the service's hourly witness said last of each case here, with its proof; and whether the log here contradicts it. */
export const witnessed: Migration = {
  number: 14,
  name: 'witnessed',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE witnessed (
        case_id     TEXT PRIMARY KEY,
        position    INTEGER NOT NULL,
        said        TEXT NOT NULL,
        contradicts INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX witnessed_contradicts ON witnessed (case_id) WHERE contradicts = 1;
    `),
};
