import type { Migration } from '../migrate.ts';

/**
 * What of a case a grant opens: sections and sealed compartments; and who broke the glass of one. The epoch of a grant
 * counts up from now on whenever what it opens changes, so that a laptop begins the case anew.
 *
 * The policies decide who sees the case; what of a change's content is handed out, the service decides, because a
 * change without its content has to be handed out all the same. See docs/decisions/0011.
 */
export const sections: Migration = {
  number: 17,
  phase: 'expand',
  name: 'sections',
  sql: `
-- {"persons": "read", …}; null is the whole case.
alter table grants add column sections jsonb;
alter table grants add column compartments text[] not null default '{}';

create table glass (
  tenant_id uuid not null,
  case_id uuid not null,
  -- Of the record that says so, in the case's log.
  position integer not null,
  -- Gapless in the tenant, in the order of the commits: what a data protection officer has been told.
  number integer not null check (number > 0),
  user_id uuid not null,
  compartment text not null,
  opened_at timestamptz not null,
  until timestamptz not null,
  closed_at timestamptz,
  primary key (tenant_id, case_id, position),
  unique (tenant_id, number),
  foreign key (tenant_id, case_id, position) references changes,
  foreign key (tenant_id, user_id) references users
);
create index glass_open on glass (tenant_id, user_id, case_id) where closed_at is null;

create table glass_numbers (
  tenant_id uuid primary key references tenants,
  last integer not null check (last > 0)
);

alter table glass enable row level security;
alter table glass_numbers enable row level security;

-- One's own, while the case may be seen.
create policy glass_read on glass for select to tma_service using (
  tenant_id = (select tma.tenant())
  and (case_id = (select tma.case_in_hand())
    or (user_id = (select tma.user_id())
      and exists (select from case_index i where i.tenant_id = glass.tenant_id and i.case_id = glass.case_id))));
create policy glass_add on glass for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));
create policy glass_change on glass for update to tma_service
  using (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));
create policy glass_numbers_work on glass_numbers for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.case_in_hand()) is not null)
  with check (tenant_id = (select tma.tenant()) and (select tma.case_in_hand()) is not null);
grant select, insert on glass to tma_service;
grant update (closed_at) on glass to tma_service;
grant select, insert, update on glass_numbers to tma_service;

-- Cases in which the person asking has an opening that is over and was not yet taken back.
create function tma.ended_glass() returns setof uuid language sql stable security definer
  set search_path = public, pg_temp
  begin atomic
    select distinct case_id from glass where tenant_id = tma.tenant() and user_id = tma.user_id()
      and closed_at is null and until <= tma.now();
  end;

-- What data protection officers are told: that somebody broke the glass, where, and the record that says why.
create function tma.glass_broken(beyond integer, most integer)
  returns table (number integer, case_id uuid, case_number text, wrapped_key bytea, user_id uuid, compartment text,
                 "position" integer, sealed bytea, opened_at timestamptz, until timestamptz)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select g.number, g.case_id, c.number, c.wrapped_key, g.user_id, g.compartment,
           g.position, x.sealed, g.opened_at, g.until
    from glass g
    join cases c on c.tenant_id = g.tenant_id and c.case_id = g.case_id
    join changes x on x.tenant_id = g.tenant_id and x.case_id = g.case_id and x.position = g.position
    where g.tenant_id = tma.tenant() and tma.role() = 'dpo' and g.number > beyond
    order by g.number limit most;
  end;
revoke all on function tma.ended_glass() from public;
revoke all on function tma.glass_broken(integer, integer) from public;
grant execute on function tma.ended_glass() to tma_service;
grant execute on function tma.glass_broken(integer, integer) to tma_service;
`,
};
