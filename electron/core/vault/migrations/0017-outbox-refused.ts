import type { Migration } from '../migrate.ts';

/** Refused changes are counted after every push: without an index each count reads all that is not sent yet. */
export const outboxRefused: Migration = {
  number: 17,
  name: 'outbox-refused',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE INDEX outbox_refused ON outbox (case_id, n) WHERE status = 'quarantined';
    `),
};
