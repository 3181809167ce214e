/**
 * The central service as a process of its own on a real PostgreSQL, for tests of what speaks to it: it can be
 * stopped, killed and started again at the same address.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type OpenedAdmin, openAdmin } from '../../server/admin/openAdmin.ts';
import { parseConfig } from '../../server/config.ts';
import { connect } from '../../server/db/connect.ts';
import { prepareDatabase } from '../../server/db/prepare.ts';
import { loadServiceKeys } from '../../server/keys/serviceKeys.ts';
import { makeStatement } from '../../server/witness/statements.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { OrgRole } from '../../shared/domain/people.ts';
import type { DeviceId, TenantId, UserId } from '../../shared/ids.ts';
import { hourOf } from '../../shared/integrity/witness.ts';
import { answersAt } from '../run/health.ts';
import { createAuthority, issueServerCertificate } from './authority.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';

export interface RealService {
  readonly url: string;
  readonly port: number;
  readonly caPem: string;
  readonly tenant: TenantId;
  readonly admin: OpenedAdmin['admin'];
  /** Connection string of the schema's owner. */
  readonly ownerUrl: string;
  /** Verifies signed heads. */
  readonly publicKey: Uint8Array;
  addPerson(name: string, role?: OrgRole): Promise<UserId>;
  /** Makes a laptop's key a device of a person, without a code. */
  register(user: UserId, publicKey: Uint8Array): Promise<DeviceId>;
  /** A one-time code to enrol a laptop for a person. */
  invite(user: UserId): Promise<string>;
  /** The witness makes the statement of this hour, or of a later one. */
  witness(hoursLater?: number): Promise<void>;
  /** Runs a command of `server/admin/cli.ts`; gives what it prints. */
  command(...args: readonly string[]): Promise<string>;
  /** The processes of the service and of the database's first one, whose children are the others. */
  pids(): Promise<{ readonly service: number; readonly database: number }>;
  /** Ends the process as a power cut would: SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
  /** Its certificate, for whoever stands in front of it. */
  readonly certificate: { readonly certificatePem: string; readonly keyPem: string };
  /** Of a durable one: ends the database in the middle of everything. */
  crashDatabase(): Promise<void>;
  /** Brings it back, with what was committed. */
  startDatabase(): Promise<void>;
  /** Ends everything and removes it. */
  close(): Promise<void>;
}

const startPatienceMs = 30_000;

/** `isDurable`: the database waits for the disk at every commit, as in life; tests need not. */
export async function startRealService({ isDurable = false } = {}): Promise<RealService> {
  const folder = await mkdtemp(join(tmpdir(), 'tma-real-service-'));
  const where = { dataDir: join(folder, 'postgres'), ephemeral: !isDurable };
  let postgres = await startPostgres(where);
  const { databaseUrl } = await prepareDatabase({
    ownerUrl: postgres.url,
    servicePassword: 'for-this-test-only',
  });
  const authority = await createAuthority(join(folder, 'authority'));
  const certificate = await issueServerCertificate(authority);
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const keysDir = join(folder, 'keys');
  const environment = {
    ...process.env,
    TMA_DATABASE_URL: databaseUrl,
    TMA_KEYS_DIR: keysDir,
    TMA_EVIDENCE_DIR: join(folder, 'blobs'),
    TMA_PORT: String(port),
    TMA_LOG_LEVEL: 'error',
    TMA_TLS_CERTIFICATE: certificate.certificateFile,
    TMA_TLS_KEY: certificate.keyFile,
  };
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const script = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
    const started = spawn(process.execPath, [script], {
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child = started;
    const deadlineMs = Date.now() + startPatienceMs;
    while (!(await answersAt(url, authority.certificatePem))) {
      if (started.exitCode !== null || Date.now() > deadlineMs) throw new Error('the service did not start');
      await new Promise((resume) => setTimeout(resume, 50));
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  };

  await start();
  const opened = await openAdmin(parseConfig({ databaseUrl, keysDir }));
  const tenant = await opened.admin.createTenant({ name: 'Nordwerk' });
  return {
    ...{ url, port, tenant, start },
    caPem: authority.certificatePem,
    admin: opened.admin,
    ownerUrl: postgres.url,
    addPerson: (name, role = 'specialist') => opened.admin.createUser({ tenant, name, role }),
    publicKey: (await loadServiceKeys(keysDir)).signer.publicKey,
    register: (user, publicKey) =>
      opened.admin.registerDevice({ tenant, user, label: 'Laptop', publicKey: toBase64Url(publicKey) }),
    async witness(hoursLater = 0) {
      const db = connect({ databaseUrl, size: 1 });
      const nowMs = () => Date.now() + hoursLater * 3_600_000;
      const { signer, epoch } = await loadServiceKeys(keysDir);
      await makeStatement({ db, signer, epoch, nowMs }, tenant, hourOf(nowMs()));
      await db.destroy();
    },
    invite: async (user) => (await opened.admin.mintCode({ tenant, user })).code,
    async command(...args) {
      const script = fileURLToPath(new URL('../../server/admin/cli.ts', import.meta.url));
      return (await promisify(execFile)(process.execPath, [script, ...args], { env: environment })).stdout;
    },
    async pids() {
      const postmaster = await readFile(join(postgres.dataDir, 'cluster/postmaster.pid'), 'utf8');
      return { service: child?.pid ?? 0, database: Number.parseInt(postmaster, 10) };
    },
    certificate: { certificatePem: certificate.certificatePem, keyPem: certificate.keyPem },
    kill: () => end('SIGKILL'),
    crashDatabase: () => postgres.crash(),
    async startDatabase() {
      postgres = await startPostgres(where);
    },
    async close() {
      await end('SIGTERM');
      await opened.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
