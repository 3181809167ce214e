/**
 * `npm run image`: builds the image of the service without a Docker engine and checks it: looked at from outside,
 * then started from its unpacked files as a task would be, on a real PostgreSQL.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisCheckout } from '../run/places.ts';
import { freePort } from '../support/ports.ts';
import { startPostgres } from '../support/postgres.ts';
import { say, step } from '../support/progress.mjs';
import { messageOf, ToolError } from '../support/tool-error.ts';
import { makeBase } from './base.ts';
import { type Buildah, findBuildah } from './buildah.ts';
import { type Check, check, checkConfig, checkFiles, mebibytes } from './inspect.ts';
import { runInside, startInside } from './start.ts';

const baseName = 'localhost/tma-base';
const name = 'localhost/tma-service';

async function build(buildah: Buildah, work: string): Promise<void> {
  const base = join(work, 'base');
  await mkdir(base);
  await step('A base image of this machine’s Node', async () => {
    await makeBase(base);
    await buildah.build({ context: base, file: join(base, 'Dockerfile'), name: baseName });
  });
  await step('The image of the service', () =>
    buildah.build({
      context: thisCheckout,
      file: join(thisCheckout, 'server/Dockerfile'),
      name,
      options: [
        '--build-arg',
        `BASE=${baseName}`,
        '-v',
        `${join(thisCheckout, 'node_modules')}:/src/node_modules:ro`,
      ],
    }),
  );
}

/** Starts it as a task would be. */
async function checkRunning(root: string): Promise<readonly Check[]> {
  const postgres = await startPostgres({ ephemeral: true });
  try {
    const password = randomBytes(24).toString('base64url');
    const owner = {
      TMA_OWNER_DATABASE_URL: `${postgres.url}?sslmode=disable`,
      TMA_SERVICE_PASSWORD: password,
    };
    const database = new URL(`${postgres.url}?sslmode=disable`);
    database.username = '';
    database.password = '';
    const port = String(await freePort());
    const env = {
      NODE_ENV: 'production',
      TMA_DATABASE_URL: database.href,
      TMA_DATABASE_PASSWORD: password,
      TMA_DATABASE_CA: '/app/rds-ca.pem',
      TMA_SIGNING_KEY: randomBytes(32).toString('base64'),
      TMA_EPOCH: randomUUID(),
      // The tenants' keys are in KMS in the cloud; here a folder that must not have to be written to.
      TMA_KEYS_DIR: '/app',
      TMA_TLS: 'self-signed',
      TMA_PORT: port,
      TMA_METRICS_NAMESPACE: 'TMA/check',
    };
    const tooEarly = await runInside(root, ['/app/main.mjs'], env);
    const migrated = await runInside(root, ['/app/migrate.mjs'], owner);
    const again = await runInside(root, ['/app/migrate.mjs'], owner);
    const writing = await runInside(root, ['-e', writeAttempts]);
    const settingless = await runInside(root, ['/app/main.mjs'], { NODE_ENV: 'production' });
    const service = await startInside(root, env);
    const answers = [await service.ask('/healthz'), await service.ask('/readyz'), await service.ask('/docs')];
    const stopping = service.stop();
    await new Promise((resume) => setTimeout(resume, 1_000));
    const draining = [await service.ask('/healthz'), await service.ask('/readyz')];
    const ended = await stopping;
    return [
      check(
        'refuses to start before the migration',
        firstLine(tooEarly.output),
        tooEarly.code === 1 && /Migrate it first|SQLSTATE 28/.test(tooEarly.output),
      ),
      check('migrates as a task of its own', firstLine(migrated.output), migrated.code === 0),
      check(
        'migrates again without doing anything',
        firstLine(again.output),
        again.code === 0 && /nothing to do/.test(again.output),
      ),
      check(
        'refuses to start without settings, in words',
        firstLine(settingless.output),
        settingless.code === 1 && /databaseUrl/.test(settingless.output),
      ),
      check(
        'is user 65532, process 1, and can write nowhere',
        writing.output.trim(),
        writing.output.trim() === '65532 1 EROFS EROFS EROFS',
      ),
      check(
        'answers /healthz and /readyz, and describes no interface',
        answers.join(' '),
        answers.join() === '200,200,404',
      ),
      check('while it drains: alive, not ready', draining.join(' '), draining.join() === '200,503'),
      check(
        'ends by itself on SIGTERM, with its last metrics',
        `exit ${ended.code} after ${(ended.tookMs / 1_000).toFixed(1)} s`,
        ended.code === 0 && /CloudWatchMetrics/.test(ended.output),
      ),
    ];
  } finally {
    await postgres.stop();
  }
}

const writeAttempts = `
const fs = require('node:fs');
const tries = ['/app/x', '/tmp/x', '/x'].map((f) => { try { fs.writeFileSync(f, ''); return 'written'; } catch (e) { return e.code; } });
console.log(process.getuid(), process.pid, ...tries);`;

const firstLine = (text: string) => text.trim().split('\n').slice(0, 2).join(' ').slice(0, 110);

async function compressedBytes(folder: string): Promise<number> {
  const blobs = join(folder, 'blobs/sha256');
  const sizes = await Promise.all(
    (await readdir(blobs)).map(async (blob) => (await stat(join(blobs, blob))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function main(): Promise<number> {
  const work = await mkdtemp(join(tmpdir(), 'tma-image-'));
  try {
    const buildah = await findBuildah(join(work, 'storage'));
    await build(buildah, work);
    const root = await step('Unpacking it', () => buildah.unpack(name));
    await buildah.write(name, join(work, 'oci'));
    const size = await compressedBytes(join(work, 'oci'));
    const checks = [
      ...checkConfig(await buildah.configOf(name), await buildah.historyOf(name)),
      ...(await checkFiles(root)),
      check('size as a registry keeps it', mebibytes(size), size < 120 * 2 ** 20),
      ...(await step('Starting it as a task would be', () => checkRunning(root))),
    ];
    say();
    for (const { what, ok, found } of checks)
      say(`${ok ? '✓' : '✗'} ${what}${found === '' ? '' : `: ${found}`}`);
    const failed = checks.filter(({ ok }) => !ok).length;
    say(`\n${checks.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof ToolError ? error.message : `The image could not be checked: ${messageOf(error)}`);
  process.exitCode = 2;
}
