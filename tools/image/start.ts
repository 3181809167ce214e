/**
 * Runs the programs of the unpacked image as a task would: alone in its file system, which is read-only, as user
 * 65532 without any right of root's, Node as process 1. Needs to be root, for the namespaces.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

type Environment = Readonly<Record<string, string>>;

/** The shell that sets this up is gone before Node starts: `exec` puts Node in its place as process 1. */
const script = `
mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t proc proc "$0/proc" && cd / &&
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid chroot --userspec=65532:65532 "$0" /usr/local/bin/node "$@"`;

function start(root: string, args: readonly string[], env: Environment): ChildProcess {
  const isolated = [
    '--mount',
    '--pid',
    '--ipc',
    '--uts',
    '--fork',
    '--kill-child',
    'sh',
    '-c',
    script.trim(),
    root,
  ];
  return spawn('unshare', [...isolated, ...args], { env: { ...env, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' } });
}

/** Runs one program to its end. */
export async function runInside(root: string, args: readonly string[], env: Environment = {}): Promise<Ran> {
  const child = start(root, args, env);
  const output = collect(child);
  const [code] = await once(child, 'close');
  return { code, output: output() };
}

export interface Inside {
  /** Status of an answer, `undefined` when there was none. */
  ask(path: string): Promise<number | undefined>;
  /** SIGTERM to process 1, as the platform sends it; gives how it ended. */
  stop(): Promise<Ran & { readonly tookMs: number }>;
  readonly output: () => string;
}

/** Starts the service and waits until it answers. */
export async function startInside(
  root: string,
  env: Environment & { readonly TMA_PORT: string },
): Promise<Inside> {
  const child = start(root, ['/app/main.mjs'], env);
  const output = collect(child);
  const ended = once(child, 'close');
  const ask = (path: string) => statusOf(Number(env.TMA_PORT), path);
  const untilMs = Date.now() + 30_000;
  while ((await ask('/healthz')) !== 200) {
    if (child.exitCode !== null || Date.now() > untilMs) {
      child.kill('SIGKILL');
      throw new Error(`The service in the image did not start:\n${output()}`);
    }
    await new Promise((resume) => setTimeout(resume, 50));
  }
  return {
    ask,
    output,
    async stop() {
      const startedMs = performance.now();
      process.kill(await childOf(child.pid ?? 0), 'SIGTERM');
      const [code] = await ended;
      return { code, output: output(), tookMs: performance.now() - startedMs };
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const keep = (part: Buffer) => {
    text = (text + part.toString()).slice(-100_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => text;
}

/** `unshare` waits outside; its child is process 1 inside. */
async function childOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(text.trim().split(' ')[0]);
}

function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    // The task's own certificate, which a load balancer does not check either.
    const options = {
      host: '127.0.0.1',
      port,
      path,
      rejectUnauthorized: false,
      agent: false,
      timeout: 2_000,
    };
    const asked = request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}
