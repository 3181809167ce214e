import type { Migration } from '../migrate.ts';

/**
 * The encrypted files on this laptop: whose they are, and whether the service has them. A file the table does not
 * name was being written when the program ended, or its case was taken away; it is removed at the next opening.
 */
export const attachments: Migration = {
  number: 12,
  name: 'attachments',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE attachments (
        file      TEXT PRIMARY KEY,
        case_id   TEXT NOT NULL,
        record_id TEXT NOT NULL,
        is_sent   INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX attachments_by_case ON attachments (case_id);
    `),
};
