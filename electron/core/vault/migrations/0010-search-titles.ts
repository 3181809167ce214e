/**
 * Titles in an index of their own: few and short, they are found at once, while looking for a common word among the
 * titles of the one index means walking through every text that has it. Three things about both indexes:
 *
 *   automerge = 0   parts of an index are merged in quiet moments (`search/tidy.ts`) and not while somebody saves
 *   pgsz = 3900     a block fits on one encrypted page (4096 bytes less 80 for nonce and authentication); with the
 *                   default of 4050 each block spills over to a second page
 *   secure-delete   as in migration 3
 */
import type { Migration } from '../migrate.ts';

export const searchTitles: Migration = {
  number: 10,
  name: 'search-titles',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE VIRTUAL TABLE search_titles USING fts5(
        title, forms,
        tokenize = 'unicode61 remove_diacritics 2',
        prefix = '2'
      );
      INSERT INTO search_titles (search_titles, rank) VALUES ('secure-delete', 1);
      INSERT INTO search_titles (search_titles, rank) VALUES ('pgsz', 3900);
      INSERT INTO search_titles (search_titles, rank) VALUES ('automerge', 0);
      INSERT INTO search (search, rank) VALUES ('pgsz', 3900);
      INSERT INTO search (search, rank) VALUES ('automerge', 0);
      -- Other spellings are kept with the whole text; those of the title alone come with its next edit.
      INSERT INTO search_titles (rowid, title, forms) SELECT rowid, title, '' FROM search WHERE title <> '';
    `),
};
