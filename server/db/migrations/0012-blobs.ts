import type { Migration } from '../migrate.ts';

/**
 * Encrypted attachments: which there are, as the records of evidence in the cases say, and which of their parts have
 * arrived. What is in none of the cases somebody may see is not there for them.
 */
export const blobs: Migration = {
  number: 12,
  phase: 'expand',
  name: 'blobs',
  sql: `
create table blobs (
  tenant_id uuid not null,
  -- Hash of the manifest of the ciphertext, base64url: the same id always means the same bytes.
  blob_id text not null check (length(blob_id) = 43),
  case_id uuid not null,
  size_bytes bigint not null check (size_bytes > 0),
  -- SHA-256 of each part, base64url.
  parts text[] not null check (cardinality(parts) > 0),
  registered_at timestamptz not null,
  primary key (tenant_id, blob_id),
  foreign key (tenant_id, case_id) references cases
);
create index blobs_by_case on blobs (tenant_id, case_id);

create table blob_parts (
  tenant_id uuid not null,
  blob_id text not null,
  part integer not null check (part >= 0),
  stored_at timestamptz not null,
  primary key (tenant_id, blob_id, part),
  foreign key (tenant_id, blob_id) references blobs
);

-- How much the organisation of whoever asks keeps, whatever of it they may see.
create function tma.blob_bytes() returns bigint language sql stable security definer
  set search_path = public, pg_temp
  begin atomic
    select coalesce(sum(size_bytes), 0)::bigint from blobs where tenant_id = tma.tenant();
  end;

alter table blobs enable row level security;
alter table blob_parts enable row level security;

create policy blobs_read on blobs for select to tma_service using (
  tenant_id = (select tma.tenant())
  and (case_id = (select tma.case_in_hand())
    or exists (select from case_index i where i.tenant_id = blobs.tenant_id and i.case_id = blobs.case_id)));
create policy blobs_add on blobs for insert to tma_service
  with check (tenant_id = (select tma.tenant()) and case_id = (select tma.case_in_hand()));

create policy blob_parts_read on blob_parts for select to tma_service using (
  tenant_id = (select tma.tenant())
  and exists (select from blobs b where b.tenant_id = blob_parts.tenant_id and b.blob_id = blob_parts.blob_id));
create policy blob_parts_add on blob_parts for insert to tma_service with check (
  tenant_id = (select tma.tenant())
  and exists (select from blobs b where b.tenant_id = blob_parts.tenant_id and b.blob_id = blob_parts.blob_id
    and b.case_id = (select tma.case_in_hand())));

grant select, insert on blobs, blob_parts to tma_service;
`,
};
