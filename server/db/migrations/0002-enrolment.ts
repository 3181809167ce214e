import type { Migration } from '../migrate.ts';

/** One-time codes to enrol a laptop, kept as hashes; and the ids of proofs already used, shared by all tasks. */
export const enrolment: Migration = {
  number: 2,
  phase: 'expand',
  name: 'enrolment',
  sql: `
create table enrolment_codes (
  tenant_id uuid not null,
  code_hash bytea not null unique check (length(code_hash) = 32),
  user_id uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  used_at timestamptz,
  device_id uuid,
  primary key (tenant_id, code_hash),
  foreign key (tenant_id, user_id) references users,
  foreign key (tenant_id, device_id) references devices,
  check ((used_at is null) = (device_id is null))
);
alter table enrolment_codes enable row level security;
create policy enrolment_codes_work on enrolment_codes for all to tma_service
  using (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'))
  with check (tenant_id = (select tma.tenant()) and (select tma.duty()) in ('admin', 'devices'));
grant select, insert, update on enrolment_codes to tma_service;

-- Whose code it is, before the tenant is known. Only who holds the code can ask.
create function tma.code_tenant(code bytea) returns uuid
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select tenant_id from enrolment_codes where code_hash = code;
  end;

-- Worth nothing after a crash of the database: the nonces of these proofs are stale by then.
create unlogged table proofs (
  tenant_id uuid not null,
  device_id uuid not null,
  proof_id text not null,
  expires_at timestamptz not null,
  primary key (tenant_id, device_id, proof_id)
);
create index proofs_by_end on proofs (expires_at);
alter table proofs enable row level security;

-- False when the proof was used before.
create function tma.use_proof(tenant uuid, device uuid, proof text, until timestamptz) returns boolean
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    with used as (
      insert into proofs values (tenant, device, proof, until) on conflict do nothing returning 1
    )
    select exists (select from used);
  end;

create function tma.forget_proofs(before timestamptz) returns void
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    delete from proofs where expires_at < before;
  end;
`,
};
