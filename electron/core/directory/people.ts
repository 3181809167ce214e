/** Who is behind a device. */
import { sql } from 'kysely';
import type { OrgRole } from '../../../shared/domain/people.ts';
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

/** What the organisation lets this person do now; it may have changed since the laptop was enrolled. */
export async function ownRole(db: Db, { owner }: Pick<Workspace, 'owner'>): Promise<OrgRole> {
  const row = await db.selectFrom('users').select('role').where('id', '=', owner.userId).executeTakeFirst();
  return row?.role ?? owner.userRole;
}
