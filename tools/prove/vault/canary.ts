/**
 * The canary: unique texts in every field, in files of evidence and an attachment, a day's work with sorts, an index made anew, a new key
 * and a crash, then a lock. After that none of the texts may be in any file of the profile, in any temporary
 * file, in any log, or in the memory of the host.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { testKdf } from '../../../electron/core/vault/testing.ts';
import { startRealService } from '../../support/real-service.ts';
import { connectTo } from './contractClient.ts';
import { canaries, morning, reading } from './day.ts';
import type { HostAnswer, HostOrder } from './hostProcess.ts';
import { type Find, filesBelow, findIn } from './search.ts';

export interface CanaryOptions {
  readonly cases: number;
  /** The built renderer; that of the project unless told otherwise. */
  readonly rendererDir?: string;
}

export interface CanaryResult {
  readonly planted: number;
  readonly files: number;
  readonly megabytes: number;
  readonly finds: readonly Find[];
  /** Temporary files without a name that the database held open while it sorted. */
  readonly spilled: readonly string[];
  /** How long it took, from the wish to lock, until the case process was gone; one for each lock. */
  readonly lockMs: readonly number[];
  /** Whether the search found the text that was kept in the host's memory on purpose. */
  readonly wouldFind: boolean;
}

const locks = 5;
const passphrase = 'blauer Fahrradhelm am Nordufer';
const hostProgram = fileURLToPath(new URL('./hostProcess.ts', import.meta.url));
const spillProgram = fileURLToPath(new URL('./spillWork.ts', import.meta.url));

export async function runCanary({ cases, rendererDir }: CanaryOptions): Promise<CanaryResult> {
  const scratch = await mkdtemp(join(tmpdir(), 'tma-canary-'));
  const temp = join(scratch, 'temp');
  const profileDir = join(scratch, 'profile');
  const snapshots = join(scratch, 'snapshots');
  for (const folder of [temp, profileDir, snapshots]) mkdirSync(folder);
  const startedMs = Date.now();
  const service = await startRealService();
  let host: ChildProcess | undefined;
  try {
    const control = `control${startedMs}kept`;
    const environment = { ...process.env, TMPDIR: temp, TMP: temp, TEMP: temp, SQLITE_TMPDIR: temp };
    const options = {
      profileDir,
      service: { url: service.url, caPem: service.caPem },
      testKdf,
      control,
      ...(rendererDir === undefined ? {} : { rendererDir }),
    };
    host = fork(hostProgram, [JSON.stringify(options)], { env: environment, silent: true });
    const log = createWriteStream(join(scratch, 'host.log'));
    host.stdout?.pipe(log);
    host.stderr?.pipe(log);
    const [ready] = (await once(host, 'message')) as [{ readonly url: string }];
    const client = await connectTo(ready.url);
    const planted = canaries(`canary${startedMs}x`);
    const person = await service.addPerson('Jana Petersen');
    const code = await service.invite(person);
    await client.call('session.enrol', { code, label: 'Laptop 17', passphrase });
    await morning(client, planted, cases);
    await reading(client, planted);
    await order(host, { type: 'kill-core' });
    await unlockWhenReady(client);
    await client.call('vault.rotateKey', { passphrase });
    await reading(client, planted);
    const lockMs: number[] = [];
    for (let n = 0; n < locks; n++) {
      if (n > 0) await unlockWhenReady(client);
      lockMs.push(await lock(client, await corePids(host)));
    }
    const snapshot = join(snapshots, 'host.heapsnapshot');
    await order(host, { type: 'snapshot', path: snapshot });
    client.close();
    const ended = once(host, 'exit');
    host.send({ type: 'stop' } satisfies HostOrder);
    await ended;
    const spill = [spillProgram, profileDir, passphrase, planted.plant('attachment')];
    const { stdout } = await promisify(execFile)(process.execPath, spill, { env: environment });
    const files = [...(await filesBelow([scratch])), ...(await newFilesElsewhere(startedMs))];
    return {
      planted: planted.texts.length,
      files: files.length,
      megabytes: Math.round((await totalBytes(files)) / 1e6),
      finds: await findIn(files, planted.texts),
      spilled: JSON.parse(stdout) as readonly string[],
      lockMs,
      wouldFind: (await findIn([snapshot], [control])).length > 0,
    };
  } finally {
    host?.kill('SIGKILL');
    await service.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function order(host: ChildProcess, message: HostOrder): Promise<HostAnswer> {
  const done = once(host, 'message');
  host.send(message);
  const [answer] = (await done) as [HostAnswer];
  return answer;
}

async function corePids(host: ChildProcess): Promise<readonly number[]> {
  return (await order(host, { type: 'core-pids' })).pids ?? [];
}

/** Locks, and waits until the process that has seen case data is no more and another one says that it is locked. */
async function lock(client: Client, pids: readonly number[]): Promise<number> {
  if (pids.length !== 1) throw new Error(`${pids.length} case processes`);
  const startedMs = performance.now();
  await client.call('session.lock', {});
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 2));
  const tookMs = Math.round(performance.now() - startedMs);
  await lockedAgain(client);
  return tookMs;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

type Client = Awaited<ReturnType<typeof connectTo>>;

async function unlockWhenReady(client: Client): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const session = await client.call('session.get', {}).catch(() => null);
    if (session?.phase === 'locked') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await client.call('session.unlock', { passphrase });
}

async function lockedAgain(client: Client): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const session = await client.call('session.get', {}).catch(() => null);
    if (session?.phase === 'locked') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the vault did not lock');
}

/** Where programs put temporary files that were not told where: files of today, small folders only. */
async function newFilesElsewhere(sinceMs: number): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of await filesBelow(['/var/tmp', '/usr/tmp'])) {
    const info = await stat(path).catch(() => undefined);
    if (info !== undefined && info.mtimeMs >= sinceMs) files.push(path);
  }
  return files;
}

async function totalBytes(files: readonly string[]): Promise<number> {
  let total = 0;
  for (const path of files) total += (await stat(path).catch(() => ({ size: 0 }))).size;
  return total;
}
