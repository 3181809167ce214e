/**
 * Makes `node_modules` what the lockfile says. Packages are installed without running any of their scripts; then
 * the scripts of those that `allowScripts` in package.json names are run (E18). A package in
 * `optionalDependencies` whose script fails, for want of a compiler, is taken out again and named.
 *
 * `npm ci` is what one would expect here. It refuses a lockfile in which the binary of a foreign platform is
 * missing, even an optional one, and registries do not always carry all of them. So this is `npm install` with
 * what makes `npm ci` strict: package.json has to agree with the lockfile, and neither is ever written.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hiddenLock, lockedPackages, readJson, unfinishedMark, writeStamp } from './install-state.mjs';
import { Interrupted } from './npm.mjs';

/**
 * Installs what the lockfile says.
 * @param {string} root
 * @param {{ step: (title: string, work: (news: (text: string) => void) => Promise<void>) => Promise<void>,
 *   npm: (args: string[]) => Promise<void> }} tools
 * @returns {Promise<string[]>} names of optional packages left out
 * @throws {Error} with what npm said, when a package that is needed cannot be installed
 */
export async function install(root, { step, npm }) {
  requireAgreement(root);
  // Half of an installation cannot be told from a whole one file by file, so it is not built upon.
  const startsAfresh = existsSync(unfinishedMark(root)) || !existsSync(hiddenLock(root));
  mkdirSync(join(root, '.tma'), { recursive: true });
  writeFileSync(unfinishedMark(root), 'An installation began here and has not ended.\n');
  const expected = expectedPackages(root);
  const arrived = () => expected.filter((path) => existsSync(join(root, path, 'package.json'))).length;
  if (startsAfresh) rmSync(join(root, 'node_modules'), { recursive: true, force: true });
  await step(`Installing the packages of the lockfile`, async (news) => {
    const timer = setInterval(() => news(`${arrived()} of ${expected.length} packages`), 1_000);
    try {
      await npm(['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']);
    } finally {
      clearInterval(timer);
    }
  });
  const manifest = readJson(join(root, 'package.json'));
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  const allowed = Object.entries(manifest.allowScripts ?? {}).flatMap(([name, yes]) => (yes ? [name] : []));
  const skipped = [];
  for (const name of allowed.filter((each) => existsSync(join(root, 'node_modules', each)))) {
    // Goes away with the package, so whatever npm replaced is built again, and nothing else.
    const mark = join(root, 'node_modules', name, '.built');
    if (existsSync(mark)) continue;
    const isOptional = optional.includes(name);
    try {
      const note = isOptional ? ', an optional driver, from source: about a minute' : '';
      await step(`Building ${name}${note}`, () => npm(['rebuild', name, '--foreground-scripts']));
      writeFileSync(mark, '');
    } catch (error) {
      if (!isOptional || error instanceof Interrupted) throw error;
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

/**
 * The packages npm will put at the top of `node_modules` on this platform.
 * @param {string} root
 */
function expectedPackages(root) {
  const entries = Object.entries(lockedPackages(join(root, 'package-lock.json')));
  const isForUs = (/** @type {string[] | undefined} */ list, /** @type {string} */ ours) =>
    !list || list.includes(ours);
  return entries
    .filter(
      ([path, { os, cpu }]) =>
        path.lastIndexOf('node_modules/') === 0 &&
        isForUs(os, process.platform) &&
        isForUs(cpu, process.arch),
    )
    .map(([path]) => path);
}
