/** The organisation's people and laptops, as the service last told. */
import type { Kysely } from 'kysely';
import type { Directory } from '../../../shared/sync/wire.ts';
import { batch } from '../vault/dialect.ts';
import type { VaultTables } from './tables.ts';

const upsertUsers = `
  INSERT INTO users (id, name, role, active)
  SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, active = excluded.active
  WHERE (name, role, active) != (excluded.name, excluded.role, excluded.active)`;
const upsertDevices = `
  INSERT INTO devices (id, user_id, label, public_key)
  SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?) WHERE true
  ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, label = excluded.label, public_key = excluded.public_key
  WHERE (user_id, label, public_key) != (excluded.user_id, excluded.label, excluded.public_key)`;

/** Nobody is ever removed: old changes still name who wrote them. */
export async function saveDirectory(
  tx: Kysely<VaultTables>,
  { users, devices }: Directory,
): Promise<boolean> {
  const changed =
    (await batch(
      tx,
      upsertUsers,
      users.map(({ id, name, role, active }) => [id, name, role, active ? 1 : 0]),
    )) +
    (await batch(
      tx,
      upsertDevices,
      devices.map(({ id, user, label, key }) => [id, user, label, key]),
    ));
  return changed > 0;
}
