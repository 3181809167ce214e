import type { Migration } from '../migrate.ts';

/**
 * What of each case was open to the person when it was given to a device: whole, or sections, and which sealed
 * compartments. Every different one is kept, in the words of `server/leases/openings.ts`.
 */
export const openings: Migration = {
  number: 18,
  phase: 'expand',
  name: 'openings',
  sql: `
alter table deliveries add column opened text[] not null default '{}';

create function tma.note_deliveries(receivers uuid[], cases uuid[], positions integer[], openings text[]) returns void
  language sql volatile security definer set search_path = public, pg_temp
  begin atomic
    insert into deliveries (tenant_id, device_id, case_id, position, first_at, last_at, opened)
    select d.tenant_id, d.device_id, one.case_id, max(one.position), tma.now(), tma.now(),
      array_agg(distinct one.opening)
    from unnest(receivers, cases, positions, openings) as one(device_id, case_id, position, opening)
    join devices d on d.tenant_id = tma.tenant() and d.device_id = one.device_id
    where tma.duty() = 'devices'
    group by d.tenant_id, d.device_id, one.case_id
    order by d.device_id, one.case_id
    on conflict (tenant_id, device_id, case_id) do update
      set position = greatest(deliveries.position, excluded.position), last_at = excluded.last_at,
        opened = case when deliveries.opened @> excluded.opened then deliveries.opened
          else (select array_agg(distinct each) from unnest(deliveries.opened || excluded.opened) as each) end;
  end;

create function tma.held_openings(asked uuid[]) returns table (case_id uuid, opened text[])
  language sql stable security definer set search_path = public, pg_temp
  begin atomic
    select d.case_id, array_agg(distinct each) from deliveries d cross join unnest(d.opened) as each
    where d.tenant_id = tma.tenant() and d.device_id = any (asked) and tma.duty() = 'admin'
    group by d.case_id;
  end;

revoke all on function tma.note_deliveries(uuid[], uuid[], integer[], text[]) from public;
revoke all on function tma.held_openings(uuid[]) from public;
grant execute on function tma.note_deliveries(uuid[], uuid[], integer[], text[]) to tma_service;
grant execute on function tma.held_openings(uuid[]) to tma_service;
`,
};
