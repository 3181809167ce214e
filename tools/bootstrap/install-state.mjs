/** Whether `node_modules` is what the lockfile says, and which Node runs the project. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Raised when the way of installing changes, so that every checkout installs anew. */
const STAMP_VERSION = 2;
const OLDEST_NODE = [24, 2];

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, os?: string[],
 *   cpu?: string[], link?: boolean, dependencies?: Record<string, string>,
 *   devDependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 * @typedef {{ fresh: true, skipped: string[] } | { fresh: false, reason: string }} InstallState
 */

/**
 * @param {string} root
 * @returns {InstallState}
 */
export function installState(root) {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return { fresh: false, reason: 'nothing is installed yet' };
  if (existsSync(unfinishedMark(root)))
    return { fresh: false, reason: 'an earlier installation was interrupted' };
  if (findNode(root) === undefined) return { fresh: false, reason: 'Node 24 is not installed' };
  const stamp = readStamp(root);
  if (stamp?.key === installKey(root)) return { fresh: true, skipped: stamp.skipped };
  // Somebody ran `npm install` by hand, say to add a package: npm's own record tells whether the result fits.
  const difference = lockDifference(
    lockedPackages(join(root, 'package-lock.json')),
    lockedPackages(hiddenLock(root)),
  );
  if (difference !== undefined) return { fresh: false, reason: difference };
  writeStamp(root, []);
  return { fresh: true, skipped: [] };
}

/**
 * The first difference between what the lockfile wants and what npm recorded as installed, as a sentence.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 */
export function lockDifference(wanted, installed) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue;
    const found = installed[path];
    if (found === undefined && (entry.optional || entry.devOptional)) continue;
    if (found === undefined) return `${nameOf(path)} is missing`;
    if (found.version !== entry.version || found.integrity !== entry.integrity) {
      return `${nameOf(path)} is ${found.version}, the lockfile says ${entry.version}`;
    }
  }
  const extra = Object.keys(installed).find((path) => path !== '' && wanted[path] === undefined);
  return extra === undefined ? undefined : `${nameOf(extra)} is installed, but not in the lockfile`;
}

/**
 * The Node that runs the project: the one the lockfile brings, else our own if it is new enough.
 * @param {string} root
 * @returns {string | undefined}
 */
export function findNode(root) {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const bundled = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', file);
  if (existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  const isNew = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return isNew ? process.execPath : undefined;
}

/** @param {string} root */
function installKey(root) {
  const { dependencies, devDependencies, optionalDependencies, overrides, allowScripts } = readJson(
    join(root, 'package.json'),
  );
  const wanted = { dependencies, devDependencies, optionalDependencies, overrides, allowScripts };
  return createHash('sha256')
    .update(JSON.stringify([STAMP_VERSION, process.platform, process.arch, wanted]))
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.tma-stamp');
/** @param {string} root */
export const hiddenLock = (root) => join(root, 'node_modules', '.package-lock.json');
/** @param {string} root */
export const unfinishedMark = (root) => join(root, '.tma', 'install-unfinished');

/**
 * @param {string} root
 * @returns {{ key: string, skipped: string[] } | undefined}
 */
function readStamp(root) {
  try {
    const { key, skipped } = readJson(stampFile(root));
    return typeof key === 'string' && Array.isArray(skipped) ? { key, skipped } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {string[]} skipped
 */
export function writeStamp(root, skipped) {
  writeFileSync(stampFile(root), `${JSON.stringify({ key: installKey(root), skipped })}\n`);
}

/**
 * @param {string} file
 * @returns {LockedPackages}
 */
export function lockedPackages(file) {
  try {
    return readJson(file).packages ?? {};
  } catch {
    return {};
  }
}

/** @param {string} path */
const nameOf = (path) => path.replace(/^.*node_modules\//, '');

/** @param {string} file */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
