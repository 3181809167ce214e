import type { Migration } from '../migrate.ts';

/**
 * What is outside, on laptops: cases checked out for a purpose and a time; what was handed out to each device; when it
 * was last here and how long it may work without; and which laptops were told to destroy their keys, and said that they
 * had. Of a lost laptop an administrator reads from this what it held, by functions that ask for that duty.
 *
 * `deliveries` refers to cases without a foreign key: the check would wait for whoever writes the case just then.
 */
export const leases: Migration = {
  number: 15,
  phase: 'expand',
  name: 'leases',
  sql: `
create table leases (
  tenant_id uuid not null,
  lease_id uuid not null,
  device_id uuid not null,
  user_id uuid not null,
  case_id uuid not null,
  -- One of the list in shared/sync/leases.ts, which may grow.
  purpose text not null check (length(purpose) between 1 and 40),
  since timestamptz not null,
  wished_until timestamptz not null,
  -- As last granted: so long the laptop holds the case without another contact.
  until timestamptz not null,
  renewed_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('returned', 'over', 'access')),
  primary key (tenant_id, lease_id),
  foreign key (tenant_id, device_id) references devices,
  foreign key (tenant_id, user_id) references users,
  foreign key (tenant_id, case_id) references cases
);
create index leases_by_device on leases (tenant_id, device_id);

-- Up to which position of a case's log a device was given it.
create table deliveries (
  tenant_id uuid not null,
  device_id uuid not null,
  case_id uuid not null,
  position integer not null check (position > 0),
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (tenant_id, device_id, case_id),
  foreign key (tenant_id, device_id) references devices
);

-- Which parts of attachments a device fetched, or brought.
create table part_deliveries (
  tenant_id uuid not null,
  device_id uuid not null,
  blob_id text not null,
  part integer not null check (part >= 0),
  at timestamptz not null,
  primary key (tenant_id, device_id, blob_id, part),
  foreign key (tenant_id, device_id) references devices,
  foreign key (tenant_id, blob_id) references blobs
);

create table device_contacts (
  tenant_id uuid not null,
  device_id uuid not null,
  at timestamptz not null,
  -- Up to where the device had read its person's log: what was taken away before is off it.
  user_cursor integer,
  -- Until when it holds cases that are not checked out, and until when its vault opens, without another contact.
  hold_until timestamptz,
  lease_until timestamptz,
  primary key (tenant_id, device_id),
  foreign key (tenant_id, device_id) references devices
);

create table wipes (
  tenant_id uuid not null,
  device_id uuid not null,
  -- Null where the laptop wiped itself without an order.
  ordered_at timestamptz,
  heard_at timestamptz,
  -- By the laptop's clock.
  wiped_at timestamptz,
  because text check (because in ('remote', 'attempts')),
  acknowledged_at timestamptz,
  -- What the device signed before its key was destroyed.
  text text,
  sig text,
  -- Without such a signature: the device that the laptop was enrolled as afterwards said so.
  told_by uuid,
  primary key (tenant_id, device_id),
  foreign key (tenant_id, device_id) references devices
);

alter table leases enable row level security;
alter table deliveries enable row level security;
alter table part_deliveries enable row level security;
alter table device_contacts enable row level security;
alter table wipes enable row level security;

create policy leases_read on leases for select to tma_service
  using (tenant_id = (select tma.tenant()) and user_id = (select tma.user_id()));
create policy leases_add on leases for insert to tma_service with check (
  tenant_id = (select tma.tenant()) and user_id = (select tma.user_id())
  and exists (select from case_index i where i.tenant_id = leases.tenant_id and i.case_id = leases.case_id));
create policy leases_change on leases for update to tma_service
  using (tenant_id = (select tma.tenant()) and user_id = (select tma.user_id()));
grant select, insert, update on leases to tma_service;

create policy device_contacts_work on device_contacts for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('devices', 'admin'))
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'devices');
grant select, insert, update on device_contacts to tma_service;

create policy wipes_work on wipes for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('devices', 'admin'))
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('devices', 'admin'));
grant select, insert, update on wipes to tma_service;

create function tma.note_deliveries(receivers uuid[], cases uuid[], positions integer[]) returns void
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    insert into deliveries (tenant_id, device_id, case_id, position, first_at, last_at)
    select d.tenant_id, d.device_id, one.case_id, max(one.position), tma.now(), tma.now()
    from unnest(receivers, cases, positions) as one(device_id, case_id, position)
    join devices d on d.tenant_id = tma.tenant() and d.device_id = one.device_id
    where tma.duty() = 'devices'
    group by d.tenant_id, d.device_id, one.case_id
    order by d.device_id, one.case_id
    on conflict (tenant_id, device_id, case_id) do update
      set position = greatest(deliveries.position, excluded.position), last_at = excluded.last_at;
  end;

create function tma.note_part(device uuid, blob text, part integer) returns void
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    insert into part_deliveries (tenant_id, device_id, blob_id, part, at)
    select d.tenant_id, d.device_id, blob, part, tma.now() from devices d
    where d.tenant_id = tma.tenant() and d.device_id = device and tma.duty() = 'devices'
    on conflict do nothing;
  end;

-- The cases whose logs were given to these devices, or that were written on them.
create function tma.held_cases(asked uuid[])
  returns table (case_id uuid, number text, log_position integer, held_position integer, first_at timestamptz,
                 last_at timestamptz, changes_written bigint, role text, taken_away_at timestamptz,
                 taken_away_position integer, destroyed boolean)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    with given as (
      select d.case_id, max(d.position) as position, min(d.first_at) as first_at, max(d.last_at) as last_at
      from deliveries d where d.tenant_id = tma.tenant() and d.device_id = any (asked) group by d.case_id
    ), written as (
      select c.case_id, max(c.position) as position, count(*) as changes, min(c.received_ms) as first_ms,
        max(c.received_ms) as last_ms
      from changes c where c.tenant_id = tma.tenant() and c.device_id = any (asked) group by c.case_id
    ), owner as (
      select user_id from devices where tenant_id = tma.tenant() and device_id = any (asked) limit 1
    )
    select coalesce(g.case_id, w.case_id), c.number, c.position, greatest(g.position, w.position),
      least(g.first_at, to_timestamp(w.first_ms / 1000.0)), greatest(g.last_at, to_timestamp(w.last_ms / 1000.0)),
      coalesce(w.changes, 0), r.role, case when l.type = 'revoked' then l.at end,
      case when l.type = 'revoked' then l.position end, c.wrapped_key is null
    from given g full join written w on w.case_id = g.case_id
    left join cases c on c.tenant_id = tma.tenant() and c.case_id = coalesce(g.case_id, w.case_id)
    left join grants r on r.tenant_id = tma.tenant() and r.case_id = c.case_id
      and r.user_id = (select user_id from owner)
    left join lateral (
      select u.type, u.at, u.position from user_log u
      where u.tenant_id = tma.tenant() and u.user_id = (select user_id from owner) and u.case_id = c.case_id
      order by u.position desc limit 1
    ) l on true
    where tma.duty() = 'admin'
    order by c.number, 1;
  end;

create function tma.held_files(asked uuid[])
  returns table (case_id uuid, blob_id text, size_bytes bigint, parts integer, parts_held bigint,
                 first_at timestamptz, last_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select b.case_id, b.blob_id, b.size_bytes, cardinality(b.parts), count(distinct p.part), min(p.at), max(p.at)
    from part_deliveries p join blobs b on b.tenant_id = p.tenant_id and b.blob_id = p.blob_id
    where p.tenant_id = tma.tenant() and p.device_id = any (asked) and tma.duty() = 'admin'
    group by b.tenant_id, b.case_id, b.blob_id
    order by b.case_id, b.blob_id;
  end;

create function tma.device_leases(asked uuid[])
  returns table (lease_id uuid, device_id uuid, case_id uuid, purpose text, since timestamptz,
                 wished_until timestamptz, until timestamptz, renewed_at timestamptz, ended_at timestamptz,
                 ended_because text)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select l.lease_id, l.device_id, l.case_id, l.purpose, l.since, l.wished_until, l.until, l.renewed_at, l.ended_at,
      l.ended_because
    from leases l where l.tenant_id = tma.tenant() and l.device_id = any (asked) and tma.duty() = 'admin'
    order by l.since, l.lease_id;
  end;

do $$ declare one text; begin
  foreach one in array array['note_deliveries(uuid[], uuid[], integer[])', 'note_part(uuid, text, integer)',
      'held_cases(uuid[])', 'held_files(uuid[])', 'device_leases(uuid[])'] loop
    execute 'revoke all on function tma.' || one || ' from public';
    execute 'grant execute on function tma.' || one || ' to tma_service';
  end loop;
end $$;
`,
};
