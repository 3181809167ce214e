import type { Migration } from '../migrate.ts';

/**
 * What a case's log had before the service was restored from a backup and does not have yet: it goes on counting
 * here, is handed in again and moves back into the log from there. `restored_head` is the last head that was signed
 * before, as evidence of how far the log had been.
 */
export const heldChanges: Migration = {
  number: 9,
  name: 'held-changes',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE held (
        case_id    TEXT NOT NULL,
        device     TEXT NOT NULL,
        n          INTEGER NOT NULL,
        position   INTEGER NOT NULL,
        record_id  TEXT NOT NULL,
        hash       TEXT NOT NULL,
        head       TEXT NOT NULL,
        payload    TEXT NOT NULL,
        salt       TEXT NOT NULL,
        status     TEXT NOT NULL,
        code       TEXT,
        at_ms      INTEGER NOT NULL,
        at_counter INTEGER NOT NULL,
        payload_hash TEXT,
        handed     TEXT NOT NULL,
        PRIMARY KEY (case_id, device, n, hash)
      ) STRICT;
      CREATE INDEX held_by_record ON held (case_id, record_id);

      ALTER TABLE cases ADD COLUMN restored_head TEXT;
    `),
};
