import type { Migration } from '../migrate.ts';

/**
 * The hourly witness, and reading the audit log to hand it out. A statement is signed and chained, and is written to
 * write-once storage after it was committed here, so `stored_at` says what is still to be written.
 *
 * `witness_heads` keeps for each case only the hours at which its head had moved: what a statement said about every
 * case can be told for any hour, and the table grows with the edits and not with the hours. Only hashes and positions
 * are in it; they are of use to duty `witness` alone.
 */
export const witness: Migration = {
  number: 8,
  phase: 'expand',
  name: 'witness',
  sql: `
create table witness (
  tenant_id uuid not null references tenants,
  hour timestamptz not null,
  text text not null,
  sig text not null check (length(sig) = 86),
  stored_at timestamptz,
  primary key (tenant_id, hour)
);
create table witness_heads (
  tenant_id uuid not null,
  case_id uuid not null,
  hour timestamptz not null,
  position integer not null check (position >= 0),
  running bytea not null check (length(running) = 32),
  primary key (tenant_id, case_id, hour),
  foreign key (tenant_id, case_id) references cases
);
create table audit_checkpoints (
  tenant_id uuid not null references tenants,
  position integer not null check (position >= 0),
  hash bytea not null check (length(hash) = 32),
  signed_ms bigint not null,
  sig bytea not null check (length(sig) = 64),
  primary key (tenant_id, position)
);
alter table witness enable row level security;
alter table witness_heads enable row level security;
alter table audit_checkpoints enable row level security;

create policy witness_work on witness for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'witness')
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'witness');
create policy witness_heads_read on witness_heads for select to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'witness');
create policy witness_heads_add on witness_heads for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'witness');
create policy audit_checkpoints_read on audit_checkpoints for select to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'witness');
create policy audit_checkpoints_add on audit_checkpoints for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'witness');

grant select, insert, update (stored_at) on witness to tma_service;
grant select, insert on witness_heads, audit_checkpoints to tma_service;

-- The cases whose head is not what the last statement said about them.
create function tma.moved_heads() returns table (case_id uuid, "position" integer, running bytea)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select c.case_id, c.position, c.running
    from cases c
    left join lateral (
      select w.position, w.running from witness_heads w
      where w.tenant_id = c.tenant_id and w.case_id = c.case_id order by w.hour desc limit 1
    ) last on true
    where c.tenant_id = tma.tenant() and tma.duty() = 'witness' and c.position > 0
      and (last.position is null or last.position <> c.position or last.running <> c.running);
  end;

-- Tenants without a statement for this hour: asked before any tenant is named, and answered with ids alone.
create function tma.unwitnessed(of_hour timestamptz) returns setof uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select t.tenant_id from tenants t
    where not exists (select from witness w where w.tenant_id = t.tenant_id and w.hour >= of_hour)
    order by t.tenant_id;
  end;

-- Statements that are not in the write-once storage yet, oldest first.
create function tma.unstored_witness() returns table (tenant_id uuid, hour timestamptz, text text, sig text)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select w.tenant_id, w.hour, w.text, w.sig from witness w where w.stored_at is null
    order by w.hour, w.tenant_id limit 500;
  end;

-- Since when the tenant that is worst off has had no statement in the storage.
create function tma.witnessed_since() returns timestamptz
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select min(coalesce((select max(w.hour) from witness w where w.tenant_id = t.tenant_id and w.stored_at is not null),
      t.created_at)) from tenants t;
  end;

-- The audit log, to hand it out and check it; the service itself may only add to it.
create function tma.audit_entries(beyond integer, most integer)
  returns table ("position" integer, entry text, hash bytea)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select a.position, a.entry, a.hash from audit a
    where a.tenant_id = tma.tenant() and tma.duty() = 'witness' and a.position > beyond
    order by a.position limit most;
  end;

revoke all on function tma.audit_entries(integer, integer), tma.moved_heads(), tma.unwitnessed(timestamptz), tma.unstored_witness(), tma.witnessed_since()
  from public;
grant execute on function tma.audit_entries(integer, integer), tma.moved_heads(), tma.unwitnessed(timestamptz), tma.unstored_witness(),
  tma.witnessed_since() to tma_service;
`,
};
