import type { Migration } from '../migrate.ts';

/**
 * Full-text search. `secure-delete` takes a removed text out of the index at once; without it FTS5 only notes
 * that it is gone. Prefixes of two letters are indexed, for search as one types: each more costs a third of an edit.
 */
export const search: Migration = {
  number: 3,
  name: 'search',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE search_docs (
        id        INTEGER PRIMARY KEY,
        case_id   TEXT NOT NULL,
        record_id TEXT NOT NULL,
        kind      TEXT NOT NULL,
        UNIQUE (case_id, record_id)
      ) STRICT;
      CREATE VIRTUAL TABLE search USING fts5(
        title, body, forms,
        tokenize = 'unicode61 remove_diacritics 2',
        prefix = '2'
      );
      INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
    `),
};
