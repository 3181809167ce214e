import type { Migration } from '../migrate.ts';

/** S02: who a person is to the organisation's identity provider, and when a laptop's person last signed in there. */
export const identity: Migration = {
  number: 9,
  phase: 'expand',
  name: 'identity',
  sql: `
create table logins (
  tenant_id uuid not null,
  user_id uuid not null,
  -- The value of the claim that the tenant's settings name.
  login text not null check (length(login) between 1 and 255),
  primary key (tenant_id, user_id),
  unique (tenant_id, login),
  foreign key (tenant_id, user_id) references users
);

-- One row for each sign-in that was taken. Its nonce keeps it from being used for a second laptop.
create table sign_ins (
  tenant_id uuid not null,
  nonce bytea not null check (length(nonce) = 32),
  device_id uuid not null,
  signed_in_at timestamptz not null,
  primary key (tenant_id, nonce),
  foreign key (tenant_id, device_id) references devices
);
create index sign_ins_by_device on sign_ins (tenant_id, device_id, signed_in_at);

alter table logins enable row level security;
alter table sign_ins enable row level security;
create policy logins_work on logins for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'))
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'));
create policy sign_ins_work on sign_ins for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'))
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'));
grant select, insert, update, delete on logins to tma_service;
grant select, insert on sign_ins to tma_service;

-- As tma.device, with what its tenant asks of a sign-in: the one question a request may ask without naming a tenant.
create function tma.asking_device(device uuid)
  returns table (tenant_id uuid, user_id uuid, role text, active boolean, public_key bytea,
                 revoked boolean, quarantined boolean, identity jsonb, login text, signed_in_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select d.tenant_id, d.user_id, u.role, u.active, d.public_key,
           d.revoked_at is not null, d.quarantined_at is not null,
           t.settings -> 'identity', l.login,
           (select max(s.signed_in_at) from sign_ins s where s.tenant_id = d.tenant_id and s.device_id = d.device_id)
    from devices d
      join users u on u.tenant_id = d.tenant_id and u.user_id = d.user_id
      join tenants t on t.tenant_id = d.tenant_id
      left join logins l on l.tenant_id = d.tenant_id and l.user_id = d.user_id
    where d.device_id = device;
  end;
`,
};
