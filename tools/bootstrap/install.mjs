/**
 * Makes `node_modules` what the lockfile says. Packages are installed without running any of their scripts; then
 * the scripts of those that `allowScripts` in package.json names are run (E18). A package in
 * `optionalDependencies` whose script fails, for want of a compiler, is taken out again and named.
 *
 * `npm ci` is what one would expect here. It refuses a lockfile in which the binary of a foreign platform is
 * missing, even an optional one, and registries do not always carry all of them. So this is `npm install` with
 * what makes `npm ci` strict: package.json has to agree with the lockfile, and neither is ever written.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hiddenLock, lockedPackages, readJson, unfinishedMark, writeStamp } from './install-state.mjs';

/**
 * Installs what the lockfile says.
 * @param {string} root
 * @param {(title: string, work: (news: (text: string) => void) => Promise<void>) => Promise<void>} step
 * @returns {Promise<string[]>} names of optional packages left out
 * @throws {Error} with what npm said, when a package that is needed cannot be installed
 */
export async function install(root, step) {
  // Half of an installation cannot be told from a whole one file by file, so it is not built upon.
  const startsAfresh = existsSync(unfinishedMark(root)) || !existsSync(hiddenLock(root));
  mkdirSync(join(root, '.tma'), { recursive: true });
  writeFileSync(unfinishedMark(root), 'An installation began here and has not ended.\n');
  const total = Object.keys(lockedPackages(join(root, 'package-lock.json'))).length - 1;
  requireAgreement(root);
  if (startsAfresh) rmSync(join(root, 'node_modules'), { recursive: true, force: true });
  await step(`Installing the packages of the lockfile`, async (news) => {
    const timer = setInterval(() => news(`${countInstalled(root)} of about ${total} packages`), 1_000);
    try {
      await npm(root, ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']);
    } finally {
      clearInterval(timer);
    }
  });
  const manifest = readJson(join(root, 'package.json'));
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  const allowed = Object.entries(manifest.allowScripts ?? {}).flatMap(([name, yes]) => (yes ? [name] : []));
  const skipped = [];
  for (const name of allowed.filter((each) => existsSync(join(root, 'node_modules', each)))) {
    const isOptional = optional.includes(name);
    try {
      const note = isOptional ? ', an optional driver, from source: about a minute' : '';
      await step(`Building ${name}${note}`, () => npm(root, ['rebuild', name, ...foregroundScripts]));
    } catch (error) {
      if (!isOptional) throw error;
      rmSync(join(root, 'node_modules', name), { recursive: true, force: true });
      skipped.push(name);
    }
  }
  writeStamp(root, skipped);
  rmSync(unfinishedMark(root));
  return skipped;
}

/**
 * @param {string} root
 * @throws {Error} when package.json wants something else than the lockfile was made for
 */
function requireAgreement(root) {
  const manifest = readJson(join(root, 'package.json'));
  const locked = lockedPackages(join(root, 'package-lock.json'))[''] ?? {};
  for (const kind of /** @type {const} */ (['dependencies', 'devDependencies', 'optionalDependencies'])) {
    const wanted = manifest[kind] ?? {};
    const known = locked[kind] ?? {};
    const name = Object.keys({ ...wanted, ...known }).find((each) => wanted[each] !== known[each]);
    if (name === undefined) continue;
    throw new Error(
      `package.json and package-lock.json disagree about ${name} (${wanted[name] ?? 'none'} against ` +
        `${known[name] ?? 'none'}). Nothing was installed. Run \`npm install\` and commit both files.`,
    );
  }
}

/** Shows in npm's output, which we print when it fails, what the package's script said. */
const foregroundScripts = ['--foreground-scripts'];

/**
 * @param {string} root
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function npm(root, args) {
  const { file, before } = npmProgram();
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...before, ...args], {
      cwd: root,
      env: npmEnvironment(root),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: before.length === 0 && process.platform === 'win32',
    });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-6_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args[0]} failed. The end of what it said:\n\n${output.trimEnd()}`));
    });
  });
}

/** The npm that started us, run by the Node it ran on: our own may be inside the folder npm is about to replace. */
function npmProgram() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const isInside = node === undefined || node.includes('node_modules');
  if (script?.endsWith('.js') && !isInside) return { file: node, before: [script] };
  return { file: 'npm', before: [] };
}

/** @param {string} root */
function npmEnvironment(root) {
  const bin = join(root, 'node_modules', '.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== bin);
  const headers = join(root, 'node_modules', `node-${process.platform}-${process.arch}`);
  // Compiling needs Node's headers; the package of Node brings them, so that they need not be fetched.
  const withHeaders = process.env.npm_config_nodedir === undefined && existsSync(join(headers, 'include'));
  return {
    ...process.env,
    PATH: path.join(delimiter),
    ...(withHeaders ? { npm_config_nodedir: headers } : {}),
    npm_config_jobs: 'max',
  };
}

/** @param {string} root */
function countInstalled(root) {
  const modules = join(root, 'node_modules');
  if (!existsSync(modules)) return 0;
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'));
  return names.reduce(
    (sum, name) => sum + (name.startsWith('@') ? readdirSync(join(modules, name)).length : 1),
    0,
  );
}
