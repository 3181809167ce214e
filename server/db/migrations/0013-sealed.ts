import type { Migration } from '../migrate.ts';

/**
 * Unsent edits of laptops whose access to a case had ended, sealed to the organisation's escrow key. The service adds
 * them and nobody reads them through the policies; who administers a tenant lists and exports them by functions that
 * ask for that duty. The case may be one that never reached the service.
 */
export const sealed: Migration = {
  number: 13,
  phase: 'expand',
  name: 'sealed',
  sql: `
create table sealed_packets (
  tenant_id uuid not null,
  packet_id uuid not null,
  case_id uuid not null,
  device_id uuid not null,
  user_id uuid not null,
  reason text not null check (reason in ('revoked', 'expired', 'wiped')),
  changes integer not null check (changes > 0),
  oldest_at timestamptz not null,
  sealed_at timestamptz not null,
  received_at timestamptz not null,
  key_id text not null,
  -- The exact text the device signed.
  text text not null,
  sig text not null,
  primary key (tenant_id, packet_id),
  foreign key (tenant_id, device_id) references devices,
  foreign key (tenant_id, user_id) references users
);
alter table sealed_packets enable row level security;
create policy sealed_packets_add on sealed_packets for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) = 'devices');
grant insert on sealed_packets to tma_service;

create function tma.sealed_packets()
  returns table (packet uuid, case_number text, case_id uuid, user_name text, device_label text, reason text,
                 changes integer, oldest_at timestamptz, received_at timestamptz, key_id text)
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select p.packet_id, c.number, p.case_id, u.name, d.label, p.reason, p.changes, p.oldest_at, p.received_at, p.key_id
    from sealed_packets p
    join users u on u.tenant_id = p.tenant_id and u.user_id = p.user_id
    join devices d on d.tenant_id = p.tenant_id and d.device_id = p.device_id
    left join cases c on c.tenant_id = p.tenant_id and c.case_id = p.case_id
    where p.tenant_id = tma.tenant() and tma.duty() = 'admin'
    order by p.received_at, p.packet_id;
  end;
create function tma.sealed_packet(packet uuid) returns text
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select text from sealed_packets
    where tenant_id = tma.tenant() and packet_id = packet and tma.duty() = 'admin';
  end;
revoke all on function tma.sealed_packets() from public;
revoke all on function tma.sealed_packet(uuid) from public;
grant execute on function tma.sealed_packets() to tma_service;
grant execute on function tma.sealed_packet(uuid) to tma_service;
`,
};
