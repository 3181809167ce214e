/** Schema of the device file, one script per version, in order; a shipped one is never changed. */
export const deviceMigrations: readonly string[] = [
  `CREATE TABLE settings (
     name  TEXT PRIMARY KEY,
     value TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE key_slots (
     kind       TEXT PRIMARY KEY CHECK (kind IN ('user', 'escrow')),
     header     TEXT NOT NULL,
     nonce      BLOB NOT NULL,
     wrapped    BLOB NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE attempts (
     one        INTEGER PRIMARY KEY CHECK (one = 1),
     failed     INTEGER NOT NULL,
     last_at_ms INTEGER NOT NULL
   ) STRICT;
   INSERT INTO attempts VALUES (1, 0, 0);`,
];
