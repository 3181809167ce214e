import type { Migration } from '../migrate.ts';

/** What of each case the person reads; and, for a data protection officer, who broke the glass where. */
export const sections: Migration = {
  number: 16,
  name: 'sections',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      ALTER TABLE cases ADD COLUMN access TEXT;
      ALTER TABLE cases ADD COLUMN access_ends_ms INTEGER;
      CREATE INDEX cases_ending ON cases (access_ends_ms) WHERE access_ends_ms IS NOT NULL;
      CREATE INDEX log_sealed ON log (case_id, record_id) WHERE payload_hash IS NOT NULL;
      CREATE TABLE broken_glass (
        case_id     TEXT NOT NULL,
        case_number TEXT NOT NULL,
        user_id     TEXT NOT NULL,
        compartment TEXT NOT NULL,
        reason      TEXT,
        at_ms       INTEGER NOT NULL,
        until_ms    INTEGER NOT NULL,
        seen        INTEGER NOT NULL,
        PRIMARY KEY (case_id, user_id, compartment, at_ms)
      ) STRICT, WITHOUT ROWID;
    `),
};
