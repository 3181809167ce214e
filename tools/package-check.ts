/**
 * `npm run package:check`: packages the workstation with the real electron-builder and looks at what came out.
 *
 * The Electron runtime cannot be had everywhere, so the distribution it is packaged into is a stub: an empty
 * program that carries the fuse wire, a valid archive, a version. What is checked is therefore the archive's
 * contents, the unpacked native packages, the fuses, and that the shell knows the hashes of the renderer beside
 * it; that the program starts is for `npm run e2e:electron`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPackage, extractAll, extractFile, getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import electronPackage from 'electron/package.json' with { type: 'json' };
import { Arch, build, Platform } from 'electron-builder';
import { fuses } from '../electron/policy/fuses.ts';
import { assetMap, readRenderer } from './preview/assetMap.ts';

const project = fileURLToPath(new URL('..', import.meta.url));

/** `@electron/fuses` finds the wire behind this text in every Electron binary. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const enabled = '1'.charCodeAt(0);
const disabled = '0'.charCodeAt(0);

async function stubDistribution(dir: string): Promise<void> {
  mkdirSync(join(dir, 'resources'), { recursive: true });
  mkdirSync(join(dir, 'locales'));
  mkdirSync(join(dir, 'empty'));
  const wire = Object.keys(fuses).map(() => enabled);
  const binary = [Buffer.alloc(64), Buffer.from(fuseSentinel), Buffer.from([1, wire.length, ...wire])];
  writeFileSync(join(dir, 'electron'), Buffer.concat([...binary, Buffer.alloc(64)]), { mode: 0o755 });
  writeFileSync(join(dir, 'version'), electronPackage.version);
  for (const locale of ['en-US', 'de', 'fr']) writeFileSync(join(dir, `locales/${locale}.pak`), '');
  await createPackage(join(dir, 'empty'), join(dir, 'resources/default_app.asar'));
  rmSync(join(dir, 'empty'), { recursive: true });
}

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What an archive may hold; anything else in it is a finding. */
const allowed = [
  /^\/package\.json$/,
  /^\/dist\/electron\/(main\.js|core\.js|reader\.js|preload\.cjs)$/,
  /^\/dist\/renderer\/index\.html$/,
  /^\/dist\/renderer\/assets\/[\w.-]+\.(js|css|woff2|svg|png)$/,
  /^\/node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/[\w/.-]+\.js|prebuilds\/linux-\w+\.node)$/,
  /^\/node_modules\/@journeyapps\/sqlcipher\/(package\.json|LICENSE|lib\/[\w/.-]+\.(js|json|d\.ts|node)|build\/Release\/node_sqlite3\.node)$/,
  /^\/node_modules\/(bindings|file-uri-to-path)\/[\w.]+$/,
  /^\/node_modules\/@node-rs\/argon2(-[\w-]+)?\/(package\.json|LICENSE|README\.md|index\.js|[\w.-]+\.node)$/,
];

const required = [
  '/package.json',
  '/dist/electron/main.js',
  '/dist/electron/core.js',
  '/dist/electron/reader.js',
  '/dist/electron/preload.cjs',
  '/dist/renderer/index.html',
];

function checkArchive(resources: string): Finding[] {
  const archive = join(resources, 'app.asar');
  const isFile = (path: string) => !('files' in entryOf(archive, path));
  const files = listPackage(archive, { isPack: false }).filter(isFile);
  const strangers = files.filter((path) => !allowed.some((pattern) => pattern.test(path)));
  const missing = required.filter((path) => !files.includes(path));
  const natives = files.filter((path) => path.endsWith('.node'));
  const packed = natives.filter((path) => !existsSync(join(resources, 'app.asar.unpacked', path)));
  const nativeOf = (name: string) => natives.some((path) => path.includes(name));
  const main = extractFile(archive, 'dist/electron/main.js').toString();
  const hashes = Object.values(assetMap(readRenderer(join(project, 'dist/renderer'))));
  const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
  return [
    {
      what: 'archive: everything needed',
      ok: missing.length === 0,
      detail: missing.join(' ') || `${files.length} files`,
    },
    { what: 'archive: nothing else', ok: strangers.length === 0, detail: strangers.slice(0, 10).join(' ') },
    {
      what: 'native packages: there, outside the archive',
      ok: packed.length === 0 && nativeOf('better-sqlite3') && nativeOf('argon2'),
      detail: natives.map((path) => path.split('/').at(-1)).join(' '),
    },
    {
      what: 'E02: the shell knows the renderer beside it',
      ok: hashes.length > 0 && hashes.every((hash) => main.includes(hash)),
      detail: `${hashes.length} hashes`,
    },
    {
      what: 'manifest: starts the shell, carries no scripts',
      ok: manifest.main === 'dist/electron/main.js' && manifest.scripts === undefined,
      detail: String(manifest.main),
    },
  ];
}

/** Loads the case process from the archive's own files: it ends by saying that nobody started it, or it lacks one. */
function checkLoads(resources: string, dir: string): Finding[] {
  extractAll(join(resources, 'app.asar'), dir);
  const packages = ['better-sqlite3', '@node-rs/argon2', '@journeyapps/sqlcipher'];
  const loads = (name: string) => run(['-e', `require(${JSON.stringify(name)})`], dir);
  return [
    ...packages
      .filter((name) => existsSync(join(project, 'node_modules', name)))
      .map((name) => ({ what: `loads from the archive alone: ${name}`, ...loads(name) })),
    { what: 'loads from the archive alone: the case process', ...run(['dist/electron/core.js'], dir, 2) },
  ];
}

function run(args: readonly string[], cwd: string, wanted = 0): Pick<Finding, 'ok' | 'detail'> {
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { ok: status === wanted, detail: status === wanted ? '' : stderr.trim().slice(0, 500) };
}

function entryOf(archive: string, path: string): object {
  const parts = path.split('/').filter(Boolean);
  let entry: { files?: Record<string, object> } = getRawHeader(archive).header as {
    files?: Record<string, object>;
  };
  for (const part of parts) entry = (entry.files?.[part] ?? {}) as { files?: Record<string, object> };
  return entry;
}

async function checkFuses(binary: string): Promise<Finding[]> {
  const wire = await getCurrentFuseWire(binary);
  return Object.entries(fuses).map(([name, on]) => {
    const state = wire[FuseV1Options[name as keyof typeof fuses]];
    return { what: `E11: ${name}`, ok: state === (on ? enabled : disabled), detail: on ? 'on' : 'off' };
  });
}

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'tma-package-'));
  try {
    await stubDistribution(join(work, 'electron'));
    await build({
      projectDir: project,
      targets: Platform.LINUX.createTarget('dir', Arch.x64),
      config: {
        extends: join(project, 'electron-builder.yml'),
        electronDist: join(work, 'electron'),
        electronVersion: electronPackage.version,
        directories: { output: join(work, 'out') },
      },
    });
    const app = join(work, 'out/linux-unpacked');
    const resources = join(app, 'resources');
    const findings = [
      ...checkArchive(resources),
      ...checkLoads(resources, join(work, 'extracted')),
      ...(await checkFuses(join(app, 'tma-workstation'))),
    ];
    const sizeMiB = statSync(join(resources, 'app.asar')).size / 1024 / 1024;
    report(findings, sizeMiB);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function report(findings: readonly Finding[], sizeMiB: number): void {
  for (const { what, ok, detail } of findings) console.log(`${ok ? 'ok    ' : 'FAILED'}  ${what}  ${detail}`);
  const failed = findings.filter(({ ok }) => !ok).length;
  console.log(`archive ${sizeMiB.toFixed(1)} MiB; packaged into a stub distribution, not started`);
  console.log(`${findings.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

if (!existsSync(join(project, 'dist/electron/core.js'))) {
  console.error('Nothing is built: run "npm run build" first.');
  process.exitCode = 1;
} else await main();
