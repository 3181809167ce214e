import type { Migration } from '../migrate.ts';

/**
 * Cases, who may see them, and what each person is told about that. A grant is what the team of a case says,
 * projected from the case's own log; intake sees every file that was not handed over to a team yet.
 */
export const access: Migration = {
  number: 3,
  phase: 'expand',
  name: 'access',
  sql: `
create table cases (
  tenant_id uuid not null references tenants,
  case_id uuid not null,
  number text,
  creator uuid not null,
  created_at timestamptz not null,
  -- Head of the log: gapless position and running hash.
  position integer not null check (position >= 0),
  running bytea not null check (length(running) = 32),
  changed_ms bigint not null,
  -- Key of the case's content under the tenant's key; without it the content is gone and the chain still verifies.
  wrapped_key bytea,
  primary key (tenant_id, case_id),
  unique (tenant_id, number),
  foreign key (tenant_id, creator) references users
);

create table case_numbers (
  tenant_id uuid not null references tenants,
  year integer not null,
  last integer not null check (last > 0),
  primary key (tenant_id, year)
);

-- The plain columns that scheduling, statistics and access need; content stays encrypted.
create table case_index (
  tenant_id uuid not null,
  case_id uuid not null,
  status text not null,
  level text,
  imminent boolean not null,
  lead uuid,
  opened_at timestamptz,
  level_since timestamptz,
  reassess_by date,
  primary key (tenant_id, case_id),
  foreign key (tenant_id, case_id) references cases
);
create index case_index_by_status on case_index (tenant_id, status);

create table grants (
  tenant_id uuid not null,
  case_id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('lead', 'specialist', 'member', 'reviewer')),
  until timestamptz,
  -- Counts up with every new grant after a revocation: the laptop starts the case anew.
  epoch integer not null check (epoch > 0),
  granted_at timestamptz not null,
  revoked_at timestamptz,
  primary key (tenant_id, case_id, user_id),
  foreign key (tenant_id, case_id) references cases,
  foreign key (tenant_id, user_id) references users
);
create index grants_by_user on grants (tenant_id, user_id) where revoked_at is null;

create table user_log_heads (
  tenant_id uuid not null,
  user_id uuid not null,
  position integer not null check (position >= 0),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references users
);

create table user_log (
  tenant_id uuid not null,
  user_id uuid not null,
  position integer not null check (position > 0),
  type text not null check (type in ('granted', 'revoked')),
  case_id uuid not null,
  at timestamptz not null,
  primary key (tenant_id, user_id, position),
  foreign key (tenant_id, case_id) references cases
);

-- Cases whose membership of the person asking has ended and was not yet taken back: hidden by the policies already.
create function tma.ended_grants() returns setof uuid language sql stable security definer
  set search_path = public, pg_temp
  begin atomic
    select case_id from grants where tenant_id = tma.tenant() and user_id = tma.user_id()
      and revoked_at is null and until <= tma.now();
  end;

alter table cases enable row level security;
alter table case_numbers enable row level security;
alter table case_index enable row level security;
alter table grants enable row level security;
alter table user_log_heads enable row level security;
alter table user_log enable row level security;

-- One's own grants, while one may act at all and never as administrator or data protection officer;
-- every grant of the case a push is writing.
create policy grants_read on grants for select to tma_service using (
  tenant_id = (select tma.tenant())
  and (case_id = (select tma.case_in_hand())
    or (user_id = (select tma.user_id())
      and revoked_at is null and (until is null or until > (select tma.now()))
      and (select tma.role()) in ('intake', 'specialist', 'reviewer', 'member'))));
create policy grants_add on grants for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));
create policy grants_change on grants for update to tma_service
  using (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));

-- Need to know. In the other tables of a case the same condition asks case_index instead of the status itself.
create policy case_index_read on case_index for select to tma_service using (
  tenant_id = (select tma.tenant())
  and (case_id = (select tma.case_in_hand())
    or exists (select from grants g where g.tenant_id = case_index.tenant_id
      and g.case_id = case_index.case_id and g.user_id = (select tma.user_id()))
    or (status in ('received', 'triage', 'rejected', 'referred') and (select tma.role()) = 'intake')));
create policy case_index_add on case_index for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));
create policy case_index_change on case_index for update to tma_service
  using (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));

create policy cases_read on cases for select to tma_service using (
  tenant_id = (select tma.tenant())
  and (case_id = (select tma.case_in_hand())
    or exists (select from case_index i where i.tenant_id = cases.tenant_id and i.case_id = cases.case_id)));
create policy cases_add on cases for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));
create policy cases_change on cases for update to tma_service
  using (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));

create policy case_numbers_work on case_numbers for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.case_in_hand()) is not null)
  with check (tenant_id = (select tma.tenant()) and (select tma.case_in_hand()) is not null);

create policy user_log_heads_work on user_log_heads for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.case_in_hand()) is not null)
  with check (tenant_id = (select tma.tenant()) and (select tma.case_in_hand()) is not null);
create policy user_log_read on user_log for select to tma_service
  using (tenant_id = (select tma.tenant()) and user_id = (select tma.user_id()));
create policy user_log_add on user_log for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));

grant select, insert, update on cases, case_numbers, case_index, grants, user_log_heads to tma_service;
grant select, insert on user_log to tma_service;
`,
};
