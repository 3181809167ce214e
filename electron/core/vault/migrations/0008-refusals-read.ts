import type { Migration } from '../migrate.ts';

/**
 * Refused changes that the person has read, so that each asks for attention once. They themselves stay where they
 * are. Named by their place in their device's chain, which the outbox and the log share.
 */
export const refusalsRead: Migration = {
  number: 8,
  name: 'refusals-read',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE refusals_read (
        case_id TEXT NOT NULL,
        device  TEXT NOT NULL,
        n       INTEGER NOT NULL,
        at_ms   INTEGER NOT NULL,
        PRIMARY KEY (case_id, device, n)
      ) STRICT, WITHOUT ROWID;
    `),
};
