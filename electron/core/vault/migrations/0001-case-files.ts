import type { Migration } from '../migrate.ts';

/**
 * Facts about this vault, the case files with the columns lists need, and their records.
 *
 * Only tables with short rows are WITHOUT ROWID: there a row of more than about 980 bytes (a quarter of an encrypted
 * page) goes to an overflow page of its own. Measured with records of 1.2 KB: three times the file, and twice the
 * time to read a case.
 */
export const caseFiles: Migration = {
  number: 1,
  name: 'case-files',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE meta (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE cases (
        id           TEXT PRIMARY KEY,
        number       TEXT,
        log_position INTEGER NOT NULL,
        log_running  TEXT NOT NULL,
        log_head     TEXT,
        own_n        INTEGER NOT NULL,
        own_hash     TEXT NOT NULL,
        push_refused TEXT,
        title        TEXT NOT NULL,
        site         TEXT,
        status       TEXT NOT NULL,
        level        TEXT,
        imminent     INTEGER NOT NULL,
        lead         TEXT,
        opened_at    TEXT,
        received_at  TEXT,
        emergency    INTEGER NOT NULL,
        channel      TEXT,
        reassess_by  TEXT,
        due_ms       INTEGER,
        conflicts    INTEGER NOT NULL,
        unsent       INTEGER NOT NULL,
        updated_ms   INTEGER NOT NULL,
        filter_text  TEXT NOT NULL
      ) STRICT;
      CREATE INDEX cases_by_status ON cases (status, updated_ms);
      CREATE INDEX cases_by_update ON cases (updated_ms);

      CREATE TABLE records (
        case_id        TEXT NOT NULL,
        id             TEXT NOT NULL,
        kind           TEXT NOT NULL,
        state          TEXT NOT NULL,
        removed        INTEGER NOT NULL,
        contested      INTEGER NOT NULL,
        created_ms     INTEGER NOT NULL,
        created_device TEXT NOT NULL,
        updated_ms     INTEGER NOT NULL,
        PRIMARY KEY (case_id, id)
      ) STRICT;
      CREATE INDEX records_contested ON records (case_id) WHERE contested > 0;
      CREATE INDEX records_of_reports ON records (case_id) WHERE kind = 'report';

      CREATE TABLE tasks (
        case_id   TEXT NOT NULL,
        record_id TEXT NOT NULL,
        type      TEXT NOT NULL,
        owner     TEXT,
        due_on    TEXT,
        title     TEXT,
        detail    TEXT,
        PRIMARY KEY (case_id, record_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tasks_by_owner ON tasks (owner);
    `),
};
