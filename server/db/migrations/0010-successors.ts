import type { Migration } from '../migrate.ts';

/**
 * A laptop whose vault was set back or copied goes on under a new id: which device it was before, and, for the laptop
 * alone, which of its changes the logs have, also of cases it may not see any more.
 */
export const successors: Migration = {
  number: 10,
  phase: 'expand',
  name: 'successors',
  sql: `
alter table devices add column predecessor uuid;

create function tma.has_changes(device uuid, cases uuid[], numbers integer[], hashes bytea[]) returns boolean[]
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select array_agg(exists (
        select from changes c where c.tenant_id = tma.tenant() and c.device_id = device
          and c.case_id = wanted.case_id and c.n = wanted.n and c.hash = wanted.hash
      ) order by wanted.ord)
    from unnest(cases, numbers, hashes) with ordinality as wanted(case_id, n, hash, ord);
  end;
revoke all on function tma.has_changes(uuid, uuid[], integer[], bytea[]) from public;
grant execute on function tma.has_changes(uuid, uuid[], integer[], bytea[]) to tma_service;
`,
};
