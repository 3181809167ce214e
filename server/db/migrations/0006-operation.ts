import type { Migration } from '../migrate.ts';

/** What the people who run the service may count over all tenants: a number, and nothing of any one of them. */
export const operation: Migration = {
  number: 6,
  phase: 'expand',
  name: 'operation',
  sql: `
create function tma.overdue_cases(today date) returns integer language sql stable security definer
  set search_path = public, pg_temp
  begin atomic
    select count(*)::integer from case_index where reassess_by < today and status not in ('closed', 'rejected', 'referred');
  end;
revoke all on function tma.overdue_cases(date) from public;
grant execute on function tma.overdue_cases(date) to tma_service;
`,
};
