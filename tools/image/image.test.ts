/** The bundle that the image carries, without building an image: alone in a folder, on a real PostgreSQL. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { thisCheckout } from '../run/places.ts';
import { freePort } from '../support/ports.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { isAllowed, makeBill } from './bill.ts';
import { findBuildah } from './buildah.ts';
import { checkConfig, checkFiles } from './inspect.ts';

const run = promisify(execFile);
let folder: string;
let app: string;
let postgres: RunningPostgres;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-bundle-'));
  app = join(folder, 'app');
  const vite = join(thisCheckout, 'node_modules/vite/bin/vite.js');
  const config = ['--config', 'server/vite.config.ts', '--configLoader', 'native', '--logLevel', 'error'];
  await run(process.execPath, [vite, 'build', ...config, '--outDir', app], { cwd: thisCheckout });
  await run(process.execPath, ['tools/image/complete.ts', app], { cwd: thisCheckout });
  postgres = await startPostgres({ ephemeral: true });
}, 120_000);
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const node = (script: string, env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, [join(app, script)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });

async function outputOf(child: ChildProcess): Promise<{ code: number; text: string }> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  return { code, text };
}

describe('the bundle', () => {
  it('migrates, starts and answers with nothing beside it, and ends on SIGTERM', async () => {
    const password = 'for-this-test-only';
    const migrated = await outputOf(
      node('migrate.mjs', { TMA_OWNER_DATABASE_URL: postgres.url, TMA_SERVICE_PASSWORD: password }),
    );
    expect(migrated).toMatchObject({ code: 0, text: expect.stringMatching(/^Applied migration 1, /) });
    const database = new URL(postgres.url);
    database.username = '';
    database.password = '';
    const port = await freePort();
    const service = node('main.mjs', {
      NODE_ENV: 'production',
      TMA_DATABASE_URL: database.href,
      TMA_DATABASE_PASSWORD: password,
      TMA_KEYS_DIR: join(folder, 'keys'),
      TMA_PORT: String(port),
      TMA_DRAIN_MS: '0',
    });
    const ended = outputOf(service);
    const ready = () => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.status);
    await expect.poll(() => ready().catch(() => 0), { timeout: 20_000 }).toBe(200);
    service.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, text: expect.stringContaining('"stopped"') });
  });

  it('says in words what is missing, and does not start', async () => {
    const { code, text } = await outputOf(node('main.mjs', { NODE_ENV: 'production' }));
    expect(code).toBe(1);
    expect(text).toMatch(/^The service cannot start, its settings are wrong:\n {2}databaseUrl: /);
    const strange = await outputOf(node('main.mjs', { NODE_ENV: 'production', TMA_DATABSE_URL: 'x' }));
    expect(strange).toEqual({ code: 1, text: 'There is no setting TMA_DATABSE_URL.\n' });
  });

  it('carries the licences and the authorities of RDS, and lists what is inside', async () => {
    const bill = JSON.parse(await readFile(join(app, 'bill-of-materials.cdx.json'), 'utf8'));
    const names: string[] = bill.components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['node', 'pg', 'fastify', 'kysely', '@aws-sdk/client-kms']));
    expect(names.filter((name) => /^(vite|vitest|typescript|react|electron)/.test(name))).toEqual([]);
    expect(await readFile(join(app, 'rds-ca.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
    expect(await readFile(join(app, 'NOTICES.txt'), 'utf8')).toContain('fastify');
  });
});

describe('the bill of materials', () => {
  it('takes only licences that ask for no more than a notice', () => {
    expect(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC'].map(isAllowed)).toEqual([true, true, true]);
    expect(['GPL-3.0', 'MIT AND GPL-3.0', 'UNLICENSED', undefined].map(isAllowed)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(() => makeBill(thisCheckout, ['node_modules/lightningcss'], '24.0.0')).toThrow(
      /lightningcss.*MPL-2.0/,
    );
  });

  it('is the same for the same packages', () => {
    const make = () => makeBill(thisCheckout, ['node_modules/pg', 'node_modules/zod'], '24.0.0');
    expect(make()).toEqual(make());
  });
});

describe('the checks of an image', () => {
  const good = {
    User: '65532:65532',
    Env: ['NODE_ENV=production', 'PATH=/bin'],
    Entrypoint: ['node'],
    Cmd: ['/app/main.mjs'],
    ExposedPorts: { '8443/tcp': {} },
    StopSignal: 'SIGTERM',
  };
  const failing = (config: Partial<typeof good>, history = '') =>
    checkConfig({ ...good, ...config }, history).filter(({ ok }) => !ok).length;

  it('notice root, npm as process 1, and secrets in the environment or in a layer', () => {
    expect(failing({})).toBe(0);
    expect(failing({ User: '' })).toBe(1);
    expect(failing({ Entrypoint: ['npm'], Cmd: ['start'] })).toBe(1);
    expect(failing({ Env: [...good.Env, 'DATABASE_PASSWORD=hunter2'] })).toBe(1);
    expect(failing({}, 'RUN npm config set //registry/:_authToken=abcd')).toBe(1);
  });

  it('notice packages, sources and keys among the files', async () => {
    const root = await mkdtemp(join(folder, 'bad-'));
    const { cp, mkdir, writeFile } = await import('node:fs/promises');
    await cp(app, join(root, 'app'), { recursive: true });
    expect((await checkFiles(root)).filter(({ ok }) => !ok)).toEqual([]);
    await mkdir(join(root, 'app/node_modules'));
    await mkdir(join(root, 'bin'));
    await writeFile(join(root, 'bin/npm'), '', { mode: 0o4777 });
    await writeFile(join(root, 'app/key.pem'), `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(60)}\n`);
    expect((await checkFiles(root)).filter(({ ok }) => !ok).length).toBeGreaterThanOrEqual(4);
  });

  it('say how to get buildah where it is missing', async () => {
    const before = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      await expect(findBuildah(folder)).rejects.toThrow(/apt-get install buildah[\s\S]*docker build/);
    } finally {
      process.env.PATH = before;
    }
  });
});
