/**
 * The bundles that the hosts load, built only when something they are made of has changed: the contents of every
 * input are hashed, so a checkout of other times or dates builds nothing in vain.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Bundle
 * @property {string} name what it is, for people
 * @property {string} config its Vite configuration; a bundle whose configuration is not there is not built
 * @property {string} output the folder it is built into
 * @property {string[]} inputs files and folders it is made of
 */

/** @type {readonly Bundle[]} */
export const bundles = [
  {
    name: 'the screens',
    config: 'vite.config.ts',
    output: 'dist/renderer',
    inputs: ['renderer', 'shared', 'resources', 'electron/policy', 'package-lock.json'],
  },
  {
    name: 'the Electron shell',
    config: 'electron/vite.config.ts',
    output: 'dist/electron',
    inputs: [
      'electron',
      'platform',
      'shared',
      'tools/preview/assetMap.ts',
      'package-lock.json',
      'dist/renderer',
    ],
  },
];

/**
 * Builds what is stale, in the order given.
 * @param {string} root
 * @param {{ node: string, step: (title: string, work: () => Promise<void>) => Promise<void>,
 *   wanted?: readonly Bundle[] }} options
 */
export async function buildStale(root, { node, step, wanted = bundles }) {
  for (const bundle of wanted.filter((each) => existsSync(join(root, each.config)))) {
    const key = inputsKey(root, bundle);
    if (isBuilt(root, bundle, key)) continue;
    await step(`Building ${bundle.name}`, async () => {
      rmSync(stampFile(root, bundle), { force: true });
      await build(root, node, bundle);
      writeFileSync(stampFile(root, bundle), `${key}\n`);
    });
  }
}

/**
 * @param {string} root
 * @param {Bundle} bundle
 * @param {string} key
 */
export function isBuilt(root, bundle, key) {
  const stamp = stampFile(root, bundle);
  return (
    existsSync(join(root, bundle.output)) && existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === key
  );
}

/**
 * A hash over the names and contents of everything the bundle is made of; tests are not part of it.
 * @param {string} root
 * @param {Bundle} bundle
 */
export function inputsKey(root, bundle) {
  const hash = createHash('sha256');
  for (const input of [...bundle.inputs, bundle.config]) {
    for (const file of filesBelow(root, input))
      hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  const names = readdirSync(full).sort();
  return names
    .filter((name) => !/\.test\.tsx?$/.test(name))
    .flatMap((name) => filesBelow(root, join(path, name)));
}

/**
 * @param {string} root
 * @param {string} node
 * @param {Bundle} bundle
 * @returns {Promise<void>}
 */
function build(root, node, bundle) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  return new Promise((resolve, reject) => {
    const child = spawn(node, [vite, 'build', '--config', bundle.config, '--logLevel', 'warn'], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-8_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Building ${bundle.name} failed:\n\n${output.trimEnd()}`));
    });
  });
}

/**
 * @param {string} root
 * @param {Bundle} bundle
 */
const stampFile = (root, bundle) => join(root, `${bundle.output}.stamp`);
