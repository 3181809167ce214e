/** Who is behind a device. */
import { sql } from 'kysely';
import type { DeviceId, UserId } from '../../../shared/ids.ts';
import type { Db, Workspace } from '../session/workspace.ts';

export type UserOf = (device: DeviceId) => UserId | null;

/** Whose devices these are; this laptop is known even before the service has sent the directory. */
export async function usersOf(
  db: Db,
  { owner }: Pick<Workspace, 'owner'>,
  devices: Iterable<DeviceId>,
): Promise<UserOf> {
  const wanted = JSON.stringify([...new Set(devices)]);
  const rows = await db
    .selectFrom('devices')
    .select(['id', 'user_id'])
    .where('id', 'in', sql<DeviceId>`(SELECT value FROM json_each(${wanted}))`)
    .execute();
  const users = new Map(rows.map(({ id, user_id }) => [id, user_id]));
  users.set(owner.deviceId, owner.userId);
  return (device) => users.get(device) ?? null;
}
