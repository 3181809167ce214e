import type { Migration } from '../migrate.ts';

/**
 * Which transaction changed a case last: what a laptop that names its last mark has to be told of, however many cases
 * it holds. Ids of transactions are given at their first write and not in the order of the commits, so a mark is the
 * oldest one that was still open when it was made: whatever was not to be seen then has that id or a later one.
 *
 * Kept by a trigger, so that the version of the service before this one keeps it as well. Cases that were changed
 * before have no row: no mark is older than the table.
 */
export const marks: Migration = {
  number: 14,
  phase: 'expand',
  name: 'marks',
  sql: `
create table case_marks (
  tenant_id uuid not null,
  case_id uuid not null,
  changed_by xid8 not null,
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references cases
);
create index case_marks_by_change on case_marks (tenant_id, changed_by);

create function tma.mark_change() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$ begin
    insert into case_marks (tenant_id, case_id, changed_by)
    values (new.tenant_id, new.case_id, pg_current_xact_id())
    on conflict (tenant_id, case_id) do update set changed_by = excluded.changed_by;
    return null;
  end $$;
revoke all on function tma.mark_change() from public;
create trigger cases_mark after insert or update on cases for each row execute function tma.mark_change();

alter table case_marks enable row level security;
create policy case_marks_read on case_marks for select to tma_service using (
  tenant_id = (select tma.tenant())
  and exists (select from case_index i where i.tenant_id = case_marks.tenant_id and i.case_id = case_marks.case_id));
grant select on case_marks to tma_service;
`,
};
