/** Whose reassessments are ahead, for "My day": without the index every case there is would be looked at. */
import type { Migration } from '../migrate.ts';

export const reassessments: Migration = {
  number: 11,
  name: 'reassessments',
  kind: 'expand',
  up: (connection) =>
    connection.exec(`
      CREATE INDEX cases_to_reassess ON cases (lead, status) WHERE reassess_by IS NOT NULL;
    `),
};
