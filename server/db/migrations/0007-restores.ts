import type { Migration } from '../migrate.ts';

/**
 * What a laptop asks after a restore from a backup: whether the log of a case has this very past. Asked past the
 * policies, because the membership that let its person see the case may be among what was lost; who knows the
 * running hash of a position has held the log up to there.
 */
export const restores: Migration = {
  number: 7,
  phase: 'expand',
  name: 'restores',
  sql: `
create function tma.knows_points(cases uuid[], positions integer[], runnings bytea[]) returns boolean[]
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select array_agg(exists (
        select from changes c where c.tenant_id = tma.tenant() and c.case_id = wanted.case_id
          and c.position = wanted.position and c.running = wanted.running
      ) order by wanted.ord)
    from unnest(cases, positions, runnings) with ordinality as wanted(case_id, position, running, ord);
  end;
revoke all on function tma.knows_points(uuid[], integer[], bytea[]) from public;
grant execute on function tma.knows_points(uuid[], integer[], bytea[]) to tma_service;
`,
};
