/**
 * PostgreSQL refuses to run as root, yet containers and CI run everything as root. There it runs as the system's
 * `postgres` user when one exists, else as `nobody`; no user is created. A checkout below a folder only root may
 * enter (`/root`) is reached by leaving the program one capability, to pass folders, through `setpriv`.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemCode, ToolError } from './tool-error.ts';

/** Whom a PostgreSQL program runs as; absent when it simply runs as ourselves. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly identity?: Identity;
}

/** The identity to give to PostgreSQL's programs, or `undefined` when we are not root. */
export async function postgresIdentity(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const found = findUser(passwd, 'postgres') ?? findUser(passwd, 'nobody');
  if (found !== undefined) return found;
  throw new ToolError(
    'PostgreSQL refuses to run as root and this system has neither a user "postgres" nor "nobody". ' +
      'Run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** The command as that identity, able to reach every path in `paths` whatever the folders above allow. */
export async function asIdentity(
  command: Omit<Command, 'identity'>,
  identity: Identity | undefined,
  paths: readonly string[],
): Promise<Command> {
  if (identity === undefined) return command;
  const reachable = await Promise.all([command.file, ...paths].map((path) => canReach(path, identity)));
  if (reachable.every(Boolean)) return { ...command, identity };
  if (process.platform !== 'linux') {
    throw new ToolError(
      `PostgreSQL refuses to run as root, and the user it would run as may not enter ${dirname(command.file)}. ` +
        'Run as an ordinary user, or move the checkout.',
    );
  }
  const caps = '+dac_read_search,+dac_override';
  const privileges = [`--reuid=${identity.uid}`, `--regid=${identity.gid}`, '--clear-groups'];
  // Without the fixup bit, access(2) would judge by the user alone, and PostgreSQL asks it about its own files.
  const capabilities = ['--securebits=+no_setuid_fixup', `--inh-caps=${caps}`, `--ambient-caps=${caps}`];
  return { file: 'setpriv', args: [...privileges, ...capabilities, command.file, ...command.args] };
}

/** `name:x:uid:gid:…` lines of /etc/passwd. */
export function findUser(passwd: string, name: string): Identity | undefined {
  const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid = '', gid = ''] = line?.split(':') ?? [];
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return undefined;
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether each folder above `path` lets that identity pass (the `x` bit that applies to it). */
async function canReach(path: string, identity: Identity): Promise<boolean> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    try {
      const { mode, uid, gid } = await stat(folder);
      const shift = uid === identity.uid ? 6 : gid === identity.gid ? 3 : 0;
      if (((mode >> shift) & 1) === 0) return false;
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    if (folder === dirname(folder)) return true;
  }
}
