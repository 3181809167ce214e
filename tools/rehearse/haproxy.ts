/** HAProxy (a Debian package) as the load balancer, steered over its socket while it runs. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/ports.ts';
import { type Balancer, type CheckTimes, changesAfter, idleMs } from './balancer.ts';

const run = promisify(execFile);

/** HAProxy's version, or `undefined` where it is not installed. */
export async function haproxyVersion(): Promise<string | undefined> {
  const answer = await run('haproxy', ['-v']).catch(() => undefined);
  return answer === undefined ? undefined : (/version (\S+)/.exec(answer.stdout)?.[1] ?? 'unknown');
}

export async function startHaproxy(times: CheckTimes, slotCount: number): Promise<Balancer> {
  const folder = await mkdtemp(join(tmpdir(), 'tma-haproxy-'));
  const port = await freePort();
  const slots = await Promise.all(Array.from({ length: slotCount }, freePort));
  const socket = join(folder, 'control');
  await writeFile(join(folder, 'haproxy.cfg'), configuration({ socket, port, slots, times }));
  const program = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], {
    stdio: 'ignore',
  });
  await untilListening(program, socket);
  const say = (command: string) => ask(socket, command);
  const server = (slot: number) => `service/t${slots.indexOf(slot)}`;
  return {
    name: `HAProxy ${await haproxyVersion()}`,
    port,
    slots,
    async register(slot) {
      await say(`set server ${server(slot)} state drain`);
      await say(`enable health ${server(slot)}`);
      // Until its own checks have said so, it does not count as healthy.
      await say(`set server ${server(slot)} health down`);
    },
    async isHealthy(slot) {
      const lines = (await say('show servers state service')).split('\n');
      const fields = lines
        .map((line) => line.split(' '))
        .find((line) => line[3] === `t${slots.indexOf(slot)}`);
      // Column 6, operational state: 2 is running.
      return fields?.[5] === '2';
    },
    admit: async (slot) => void (await say(`set server ${server(slot)} state ready`)),
    deregister: async (slot) => void (await say(`set server ${server(slot)} state drain`)),
    async close() {
      const ended = once(program, 'exit');
      program.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Configuring {
  readonly socket: string;
  readonly port: number;
  readonly slots: readonly number[];
  readonly times: CheckTimes;
}

function configuration({ socket, port, slots, times }: Configuring): string {
  const check = `check inter ${times.everyMs}ms fall ${changesAfter} rise ${changesAfter}`;
  return `global
  stats socket ${socket} mode 600 level admin
  stats timeout 1h
  maxconn 4000
defaults
  mode http
  # An ALB tries nothing twice.
  retries 0
  timeout connect 5s
  timeout client ${idleMs}ms
  timeout server 65s
  timeout http-keep-alive ${idleMs}ms
  timeout http-request 30s
  timeout check ${times.timeoutMs}ms
frontend laptops
  bind 127.0.0.1:${port}
  option forwardfor
  default_backend service
backend service
  balance roundrobin
  http-reuse always
  option httpchk GET /readyz
  http-check expect status 200
${slots.map((slot, at) => `  server t${at} 127.0.0.1:${slot} ${check} pool-purge-delay ${idleMs}ms disabled`).join('\n')}
`;
}

async function untilListening(program: ChildProcess, socket: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (program.exitCode !== null) break;
    if ((await ask(socket, 'show info').catch(() => '')) !== '') return;
    await new Promise((resume) => setTimeout(resume, 25));
  }
  program.kill('SIGKILL');
  throw new Error('HAProxy did not start');
}

function ask(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const line = connect(socket, () => line.end(`${command}\n`));
    line.on('data', (part) => {
      text += part.toString();
    });
    line.on('error', reject);
    line.on('close', () => resolve(text));
  });
}
