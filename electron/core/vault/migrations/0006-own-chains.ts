import type { Migration } from '../migrate.ts';

/**
 * Where this device's chain stands in cases that were taken away: a number that was used once is never used again,
 * or the service would take the second change under it for a forgery. Says nothing of what the case holds.
 */
export const ownChains: Migration = {
  number: 6,
  name: 'own-chains',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE TABLE own_chains (
        case_id TEXT PRIMARY KEY,
        n       INTEGER NOT NULL,
        hash    TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
};
