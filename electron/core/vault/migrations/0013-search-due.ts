/**
 * Cases whose texts are not in the full-text index yet: a first sync stores cases, and the index is filled afterwards,
 * slice by slice. Records with ids from `after` on are in the index; empty where none is.
 * The second index is for how far a restore is made good, which is told at every step of such a sync.
 */
import type { Migration } from '../migrate.ts';

export const searchDue: Migration = {
  number: 13,
  name: 'search-due',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE search_due (
        case_id TEXT PRIMARY KEY,
        after   TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX cases_restored ON cases (id) WHERE restored_head IS NOT NULL;
    `),
};
