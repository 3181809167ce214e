/** The service's database as a backup of one tenant would keep it, and a restore of it, past the service. */
import type { TenantId } from '../../shared/ids.ts';
import type { Store } from './store.ts';

/** Stay as they are: who was added after the backup is added again before laptops are let in. */
const kept: ReadonlySet<string> = new Set(['tenants', 'users', 'devices', 'enrolment_codes', 'proofs']);

/** By table, its rows as JSON. */
export type Backup = ReadonlyMap<string, string>;

export async function backUp(store: Store, tenant: TenantId): Promise<Backup> {
  const rows = new Map<string, string>();
  for (const table of await tablesOf(store)) {
    const [found] = await store.inspect<{ rows: string }>(
      `select coalesce(json_agg(t), '[]')::text as rows from ${table} t where tenant_id = $1`,
      [tenant],
    );
    rows.set(table, found?.rows ?? '[]');
  }
  return rows;
}

export async function restore(store: Store, tenant: TenantId, backup: Backup): Promise<void> {
  // No constraint looks at a state in between.
  await store.inspect('set session_replication_role = replica', []);
  for (const [table, rows] of backup) {
    await store.inspect(`delete from ${table} where tenant_id = $1`, [tenant]);
    await store.inspect(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      rows,
    ]);
  }
  await store.inspect('set session_replication_role = origin', []);
}

async function tablesOf(store: Store): Promise<readonly string[]> {
  const rows = await store.inspect<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
    [],
  );
  return rows.map(({ name }) => name).filter((name) => !kept.has(name));
}
