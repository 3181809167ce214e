import type { Migration } from '../migrate.ts';

/**
 * The log of each case and the state it adds up to. The service's role can add to the log and read it; it has
 * no right to change or delete what is in it.
 *
 * `sealed` is the salt and the payload of a change, encrypted under the case key with case and position as
 * associated data; `payload_hash` stays plain, so that the chain verifies when the case key is destroyed.
 */
export const log: Migration = {
  number: 4,
  phase: 'expand',
  name: 'log',
  sql: `
create table changes (
  tenant_id uuid not null,
  case_id uuid not null,
  position integer not null check (position > 0),
  change_id uuid not null,
  device_id uuid not null,
  n integer not null check (n > 0),
  hash bytea not null check (length(hash) = 32),
  running bytea not null check (length(running) = 32),
  head text not null,
  payload_hash bytea not null check (length(payload_hash) = 32),
  sealed bytea not null,
  status text not null check (status in ('applied', 'quarantined')),
  code text,
  effective_ms bigint not null,
  effective_count bigint not null,
  received_ms bigint not null,
  primary key (tenant_id, case_id, position),
  constraint changes_id unique (tenant_id, change_id),
  constraint changes_chain unique (tenant_id, case_id, device_id, n),
  check ((status = 'quarantined') = (code is not null)),
  foreign key (tenant_id, case_id) references cases
);

-- A signed run as it came in: positions first … last of the log, n the first of them in the device's chain.
create table segments (
  tenant_id uuid not null,
  case_id uuid not null,
  first_position integer not null,
  last_position integer not null,
  device_id uuid not null,
  n integer not null,
  signed_from integer not null,
  signed_to integer not null,
  prev bytea not null check (length(prev) = 32),
  sig bytea not null check (length(sig) = 64),
  bytes integer not null,
  primary key (tenant_id, case_id, first_position),
  check (first_position <= last_position and signed_from <= n and n <= signed_to),
  check (last_position - first_position = signed_to - n),
  foreign key (tenant_id, case_id) references cases,
  foreign key (tenant_id, device_id) references devices
);

create table signed_heads (
  tenant_id uuid not null,
  case_id uuid not null,
  position integer not null,
  running bytea not null,
  sig bytea not null check (length(sig) = 64),
  signed_ms bigint not null,
  primary key (tenant_id, case_id, position),
  foreign key (tenant_id, case_id) references cases
);

create table records (
  tenant_id uuid not null,
  case_id uuid not null,
  record_id uuid not null,
  kind text not null,
  -- The merged state, encrypted under the case key with the record's id as associated data.
  state bytea not null,
  position integer not null,
  primary key (tenant_id, case_id, record_id),
  foreign key (tenant_id, case_id) references cases
);
create index records_of_members on records (tenant_id, case_id) where kind = 'member';

alter table changes enable row level security;
alter table segments enable row level security;
alter table signed_heads enable row level security;
alter table records enable row level security;

do $$ declare one text; begin
  foreach one in array array['changes', 'segments', 'signed_heads', 'records'] loop
    execute format('create policy %1$I on %2$I for select to tma_service using (
      tenant_id = (select tma.tenant())
      and (case_id = (select tma.case_in_hand())
        or exists (select from case_index i
          where i.tenant_id = %2$I.tenant_id and i.case_id = %2$I.case_id)))', one || '_read', one);
    execute format('create policy %1$I on %2$I for insert to tma_service
      with check (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()))',
      one || '_add', one);
  end loop;
end $$;
create policy records_change on records for update to tma_service
  using (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));

grant select, insert on changes, segments, signed_heads to tma_service;
grant select, insert, update on records to tma_service;
`,
};
