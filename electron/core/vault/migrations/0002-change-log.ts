import type { Migration } from '../migrate.ts';

/** The log of each case as the service numbered it, the signatures that vouch for it, and what is not sent yet. */
export const changeLog: Migration = {
  number: 2,
  name: 'change-log',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE log (
        case_id     TEXT NOT NULL,
        position    INTEGER NOT NULL,
        record_id   TEXT NOT NULL,
        device      TEXT NOT NULL,
        n           INTEGER NOT NULL,
        hash        TEXT NOT NULL,
        head        TEXT NOT NULL,
        payload     TEXT NOT NULL,
        salt        TEXT NOT NULL,
        status      TEXT NOT NULL,
        code        TEXT,
        at_ms       INTEGER NOT NULL,
        at_counter  INTEGER NOT NULL,
        received_ms INTEGER NOT NULL,
        PRIMARY KEY (case_id, position)
      ) STRICT;
      CREATE INDEX log_by_record ON log (case_id, record_id, position);
      CREATE UNIQUE INDEX log_by_device ON log (case_id, device, n);
      CREATE INDEX log_refused ON log (device) WHERE status = 'quarantined';

      CREATE TABLE segments (
        case_id TEXT NOT NULL,
        device  TEXT NOT NULL,
        from_n  INTEGER NOT NULL,
        to_n    INTEGER NOT NULL,
        prev    TEXT NOT NULL,
        sig     TEXT NOT NULL,
        PRIMARY KEY (case_id, device, from_n, to_n)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE outbox (
        case_id    TEXT NOT NULL,
        n          INTEGER NOT NULL,
        record_id  TEXT NOT NULL,
        group_id   TEXT,
        hash       TEXT NOT NULL,
        head       TEXT NOT NULL,
        payload    TEXT NOT NULL,
        salt       TEXT NOT NULL,
        status     TEXT NOT NULL,
        code       TEXT,
        at_ms      INTEGER NOT NULL,
        at_counter INTEGER NOT NULL,
        PRIMARY KEY (case_id, n)
      ) STRICT;
      CREATE INDEX outbox_pending ON outbox (at_ms) WHERE status = 'pending';
    `),
};
