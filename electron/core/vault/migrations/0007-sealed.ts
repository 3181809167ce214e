import type { Migration } from '../migrate.ts';

/**
 * What may not be read here: changes of a log that came without their content, by its hash; and packets of unsent
 * changes of cases that were taken away, sealed to the organisation's key and waiting to be handed in.
 */
export const sealed: Migration = {
  number: 7,
  name: 'sealed',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      ALTER TABLE log ADD COLUMN payload_hash TEXT;
      CREATE INDEX log_withheld ON log (case_id, device) WHERE payload_hash IS NOT NULL;
      CREATE TABLE packets (
        id         TEXT PRIMARY KEY,
        case_id    TEXT NOT NULL,
        changes    INTEGER NOT NULL,
        oldest_ms  INTEGER NOT NULL,
        text       TEXT NOT NULL,
        sig        TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
};
