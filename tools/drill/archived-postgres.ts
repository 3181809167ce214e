/**
 * A PostgreSQL that archives its write-ahead log, a base backup of it taken while it runs, and a second server brought
 * up from both at a chosen moment: what RDS does for a point-in-time restore, with PostgreSQL's own means
 * (documentation, "Continuous Archiving and Point-in-Time Recovery").
 */
import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { postgresIdentity } from '../support/postgres-identity.ts';
import { ToolError } from '../support/tool-error.ts';

const patienceMs = 60_000;
const pollMs = 50;

export interface Archived {
  readonly server: RunningPostgres;
  readonly folder: string;
}

/** Starts a server in that folder whose log is archived beside it. */
export async function startArchived(folder: string): Promise<Archived> {
  const archive = join(folder, 'archive');
  await mkdir(archive, { recursive: true });
  // PostgreSQL's own user writes here and has to pass through.
  await chmod(folder, 0o755);
  await chmod(archive, 0o777);
  const dataDir = join(folder, 'first');
  const unarchived = await startPostgres({ dataDir });
  await asOwner(unarchived, async (client) => {
    await client.query(`alter system set archive_mode = on`);
    await client.query(`alter system set archive_command = 'cp %p ${archive}/%f'`);
  });
  await unarchived.stop();
  return { server: await startPostgres({ dataDir }), folder };
}

/** Copies the running server's files into `second`, as a base backup. */
export async function takeBackup({ server, folder }: Archived): Promise<void> {
  const to = join(folder, 'second');
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  await asOwner(server, async (client) => {
    await client.query(`select pg_backup_start('drill', true)`);
    await promisify(execFile)('cp', ['-a', join(server.dataDir, 'cluster'), join(to, 'cluster')]);
    const { rows } = await client.query<{ labelfile: string }>(`select labelfile from pg_backup_stop(false)`);
    await rm(join(to, 'cluster', 'postmaster.pid'), { force: true });
    await writeForServer(join(to, 'cluster', 'backup_label'), rows[0]?.labelfile ?? '');
  });
  await copyFile(join(server.dataDir, 'password'), join(to, 'password'));
}

/** The database's clock, to which it can be set back. */
export async function momentOf({ server }: Archived): Promise<string> {
  return asOwner(server, async (client) => {
    const { rows } = await client.query<{ now: string }>(`select clock_timestamp()::text as now`);
    return rows[0]?.now ?? '';
  });
}

/** Waits until everything written so far is in the archive. */
export async function archiveAll({ server }: Archived): Promise<void> {
  await asOwner(server, async (client) => {
    const { rows } = await client.query<{ file: string }>(`select pg_walfile_name(pg_switch_wal()) as file`);
    const file = rows[0]?.file ?? '';
    await until(async () => {
      const { rows: done } = await client.query<{ last: string | null }>(
        `select last_archived_wal as last from pg_stat_archiver`,
      );
      return (done[0]?.last ?? '') >= file;
    });
  });
}

/** A second server as the first one was at that moment. */
export async function restoreTo({ folder }: Archived, moment: string): Promise<RunningPostgres> {
  const dataDir = join(folder, 'second');
  const cluster = join(dataDir, 'cluster');
  const settings = [
    `archive_mode = off`,
    `restore_command = 'cp ${join(folder, 'archive')}/%f %p'`,
    `recovery_target_time = '${moment}'`,
    `recovery_target_action = 'promote'`,
  ];
  await writeForServer(join(cluster, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
  await writeForServer(join(cluster, 'recovery.signal'), '');
  const server = await startPostgres({ dataDir });
  await asOwner(server, (client) =>
    until(async () => {
      const { rows } = await client.query<{ recovering: boolean }>(
        `select pg_is_in_recovery() as recovering`,
      );
      return rows[0]?.recovering === false;
    }),
  );
  return server;
}

/** A file that PostgreSQL's own user may change. */
async function writeForServer(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  const identity = await postgresIdentity();
  if (identity !== undefined) await chown(file, identity.uid, identity.gid);
}

async function asOwner<T>(server: RunningPostgres, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > deadlineMs) throw new ToolError('PostgreSQL did not get there in a minute.');
    await new Promise((resume) => setTimeout(resume, pollMs));
  }
}
