import type { Handlers } from '../../../shared/contract/procedures.ts';
import type { Workspace } from '../session/workspace.ts';

export function directoryHandlers({ vault }: Workspace): Pick<Handlers, 'directory.get'> {
  return {
    'directory.get': () =>
      vault.read(async (tx) => {
        const users = await tx.selectFrom('users').selectAll().orderBy('name').execute();
        const devices = await tx.selectFrom('devices').selectAll().orderBy('label').execute();
        return {
          users: users.map((user) => ({ ...user, active: user.active === 1 })),
          devices: devices.map(({ id, user_id, label }) => ({ id, user: user_id, label })),
        };
      }),
  };
}
