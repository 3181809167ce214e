import type { Migration } from '../migrate.ts';

/**
 * Tenants, their users and devices, and the wall: every table carries the tenant and is closed by row-level
 * security to the role the service runs as. A transaction says for whom it acts with `set_config(…, true)`;
 * one that says nothing sees nothing.
 *
 *   tma.tenant   whose data
 *   tma.user     who asks
 *   tma.case     the one case a push is writing
 *   tma.duty     `admin` (tenants, users, codes) or `devices` (enrolment, device state)
 *   tma.now      the service's clock, so that all end dates are judged by one clock
 */
export const tenancy: Migration = {
  number: 1,
  phase: 'expand',
  name: 'tenancy',
  sql: `
do $$ begin
  create role tma_service nologin;
exception when duplicate_object or unique_violation then null;
end $$;

create schema tma;
revoke all on schema public from public;
grant usage on schema public, tma to tma_service;

create function tma.tenant() returns uuid language sql stable
  return nullif(current_setting('tma.tenant', true), '')::uuid;
create function tma.user_id() returns uuid language sql stable
  return nullif(current_setting('tma.user', true), '')::uuid;
create function tma.case_in_hand() returns uuid language sql stable
  return nullif(current_setting('tma.case', true), '')::uuid;
create function tma.duty() returns text language sql stable
  return coalesce(current_setting('tma.duty', true), '');
create function tma.now() returns timestamptz language sql stable
  return coalesce(nullif(current_setting('tma.now', true), '')::timestamptz, now());

-- How far the schema is: what a starting service asks.
create function tma.version() returns integer language sql stable security definer set search_path = tma_meta, pg_temp
  begin atomic
    select max(number) from tma_meta.migrations;
  end;

create table tenants (
  tenant_id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  settings jsonb not null,
  created_at timestamptz not null
);

create table users (
  tenant_id uuid not null references tenants,
  user_id uuid not null,
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('intake', 'specialist', 'reviewer', 'member', 'dpo', 'administrator')),
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (tenant_id, user_id)
);

create table devices (
  tenant_id uuid not null,
  device_id uuid not null unique,
  user_id uuid not null,
  label text not null check (length(label) between 1 and 80),
  public_key bytea not null unique check (length(public_key) = 32),
  program text not null,
  schema_version integer,
  enrolled_at timestamptz not null,
  revoked_at timestamptz,
  -- Set when the device contradicted its own chain: kept apart until a person has looked at it.
  quarantined_at timestamptz,
  primary key (tenant_id, device_id),
  foreign key (tenant_id, user_id) references users
);

alter table tenants enable row level security;
alter table users enable row level security;
alter table devices enable row level security;

create policy tenants_read on tenants for select to tma_service
  using (tenant_id = (select tma.tenant()));
create policy tenants_add on tenants for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'admin');
create policy tenants_change on tenants for update to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'admin');

create policy users_read on users for select to tma_service
  using (tenant_id = (select tma.tenant()));
create policy users_add on users for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'admin');
create policy users_change on users for update to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'admin');

create policy devices_read on devices for select to tma_service
  using (tenant_id = (select tma.tenant()));
create policy devices_add on devices for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'));
create policy devices_change on devices for update to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'));

grant select, insert, update on tenants, users, devices to tma_service;

-- The role of the person who asks, or null when they may not act: what policies ask, past the policies of users.
create function tma.role() returns text language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select role from users where tenant_id = tma.tenant() and user_id = tma.user_id() and active;
  end;

-- Who a device is, before its tenant is known: the one question a request may ask without naming a tenant.
create function tma.device(device uuid)
  returns table (tenant_id uuid, user_id uuid, role text, active boolean, public_key bytea,
                 revoked boolean, quarantined boolean)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select d.tenant_id, d.user_id, u.role, u.active, d.public_key,
           d.revoked_at is not null, d.quarantined_at is not null
    from devices d join users u on u.tenant_id = d.tenant_id and u.user_id = d.user_id
    where d.device_id = device;
  end;
`,
};
