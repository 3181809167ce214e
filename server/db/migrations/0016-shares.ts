import type { Migration } from '../migrate.ts';

/**
 * The service's shares of vault keys, each under the unlock key of the laptop it is for. A transaction sees those of
 * its own person's devices, and no other duty than that of devices reaches them.
 */
export const shares: Migration = {
  number: 16,
  phase: 'expand',
  name: 'shares',
  sql: `
create table vault_shares (
  tenant_id uuid not null,
  unlock_key bytea not null unique check (length(unlock_key) = 32),
  device_id uuid not null,
  -- 32 random bytes under the tenant's key.
  wrapped_share bytea not null,
  deposited_at timestamptz not null,
  primary key (tenant_id, unlock_key),
  foreign key (tenant_id, device_id) references devices
);
create index vault_shares_by_device on vault_shares (tenant_id, device_id);
alter table vault_shares enable row level security;
create policy vault_shares_work on vault_shares for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'devices'
    and device_id in (select d.device_id from devices d
      where d.tenant_id = (select tma.tenant()) and d.user_id = (select tma.user_id())))
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'devices'
    and device_id in (select d.device_id from devices d
      where d.tenant_id = (select tma.tenant()) and d.user_id = (select tma.user_id())));
grant select, insert, update on vault_shares to tma_service;

-- Whose laptop an unlock key is, before its tenant is known. Asked only after the key has signed the question.
create function tma.unlock_device(unlocking bytea) returns uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select device_id from vault_shares where unlock_key = unlocking;
  end;
revoke all on function tma.unlock_device(bytea) from public;
grant execute on function tma.unlock_device(bytea) to tma_service;
`,
};
