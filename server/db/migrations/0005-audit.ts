import type { Migration } from '../migrate.ts';

/** What was done with access, devices and codes: one hash-chained log per tenant, which the service can only extend. */
export const audit: Migration = {
  number: 5,
  phase: 'expand',
  name: 'audit',
  sql: `
create table audit_heads (
  tenant_id uuid primary key references tenants,
  position integer not null check (position >= 0),
  hash bytea not null check (length(hash) = 32)
);

create table audit (
  tenant_id uuid not null references tenants,
  position integer not null check (position > 0),
  entry text not null,
  hash bytea not null check (length(hash) = 32),
  primary key (tenant_id, position)
);

alter table audit_heads enable row level security;
alter table audit enable row level security;
create policy audit_heads_work on audit_heads for all to tma_service
  using (tenant_id = (select tma.tenant())) with check (tenant_id = (select tma.tenant()));
create policy audit_add on audit for insert to tma_service
  with check (tenant_id = (select tma.tenant()));

grant select, insert, update on audit_heads to tma_service;
grant insert on audit to tma_service;
`,
};
