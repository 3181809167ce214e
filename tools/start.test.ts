import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isPortFree } from './support/ports.ts';
import { isAlive, waitForEnd } from './support/processes.ts';

const up = /Ctrl\+C stops/;
let home: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tma-start-'));
});
afterEach(async () => {
  for (const child of running) child.kill('SIGTERM');
  await Promise.all([...running].map((child) => waitForEnd(child.pid ?? 0, 20_000)));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Command {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number>;
  /** Waits until it says something like that, or ends. */
  until(pattern: RegExp): Promise<string>;
}

function command(script: string, ...flags: string[]): Command {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${script}.ts`), ...flags], {
    env: { ...process.env, TMA_HOME: home, DISPLAY: '', WAYLAND_DISPLAY: '', DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group, as a terminal makes one for each command.
    detached: true,
  });
  running.add(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve(code ?? -1);
    });
  });
  const until = async (pattern: RegExp) => {
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    while (!pattern.test(text) && !isOver) await new Promise((resume) => setTimeout(resume, 50));
    return text;
  };
  return { child, said: () => text, ended, until };
}

const start = (...flags: string[]) => command('start', '--no-open', '--no-demo', ...flags);
const serviceAddress = (text: string) =>
  Number(/Central service +https:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
const laptopAddress = (text: string) => Number(/Laptop.*http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
const postmaster = () =>
  Number.parseInt(readFileSync(join(home, 'service/postgres/cluster/postmaster.pid'), 'utf8'), 10);

describe('npm start', () => {
  it('says where everything is and how to sign in, and on Ctrl+C stops all of it', async () => {
    const first = command('start', '--no-demo');
    const text = await first.until(up);
    expect(text).toMatch(/[A-Z0-9]{4}(-[A-Z0-9]{4}){3} {3}Miriam Kessler/);
    expect(text).toContain('there is no display');
    const database = postmaster();
    process.kill(-(first.child.pid ?? 0), 'SIGINT');
    expect(await first.ended).toBe(0);
    expect(first.said()).toMatch(/Ctrl\+C\. Stopping …\nEverything is stopped\.\n$/);
    expect(isAlive(database)).toBe(false);
    expect(await isPortFree(serviceAddress(text))).toBe(true);
    expect(await isPortFree(laptopAddress(text))).toBe(true);
  });

  it('takes up the data after it was killed with -9, and leaves no PostgreSQL behind', async () => {
    const killed = start();
    const before = serviceAddress(await killed.until(up));
    const database = postmaster();
    killed.child.kill('SIGKILL');
    await killed.ended;
    const again = start();
    const text = await again.until(up);
    expect(text).toContain('An earlier run ended without stopping');
    expect(serviceAddress(text)).toBe(before);
    expect(isAlive(database)).toBe(false);
  });

  it('beside a running one is a second laptop, or says how to get one', async () => {
    const first = start();
    const service = serviceAddress(await first.until(up));
    const same = start();
    expect(await same.until(/workstation -- --profile/)).toContain('The laptop "first" is already running');
    expect(await same.ended).toBe(1);
    const second = command('workstation', '--no-open', '--profile', 'second');
    const text = await second.until(up);
    expect(serviceAddress(text)).toBe(service);
    expect(laptopAddress(text)).not.toBe(laptopAddress(first.said()));
    expect(text).toMatch(/Miriam Kessler/);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(await isPortFree(service)).toBe(false);
  });

  it('at the same moment as another starts one service, used by both', async () => {
    const [one, two] = [start('--profile', 'one'), start('--profile', 'two')];
    const texts = await Promise.all([one.until(up), two.until(up)]);
    expect(serviceAddress(texts[0])).toBe(serviceAddress(texts[1]));
    expect(texts.filter((text) => text.includes('Using the central service'))).toHaveLength(1);
  });

  it('does not reset what is in use', async () => {
    await start().until(up);
    const other = start('--reset');
    expect(await other.ended).toBe(1);
    expect(other.said()).toContain('Nothing was deleted');
  });

  it.each(['--port', '--service-port'])(
    'says so when the %s asked for is taken, and starts nothing',
    async (flag) => {
      const other = createServer();
      await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const refused = start(flag, String(port));
      expect(await refused.ended).toBe(1);
      expect(refused.said()).toContain(`Port ${port} on 127.0.0.1 is already in use by another program.`);
      other.close();
    },
  );

  it('says so when Electron is asked for and cannot be had', async () => {
    const refused = start('--host', 'electron');
    expect(await refused.ended).toBe(1);
    expect(refused.said()).toMatch(/--host electron: .*Leave --host out/);
  });
});

describe('npm run workstation', () => {
  it('says so when no service runs', async () => {
    const alone = command('workstation', '--no-open');
    expect(await alone.ended).toBe(1);
    expect(alone.said()).toContain('No central service runs here.');
  });
});
