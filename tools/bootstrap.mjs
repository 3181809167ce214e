/**
 * The door to every command, from a bare clone on. Runs on the Node the machine has (20 or newer) with nothing
 * installed: makes `node_modules` what the lockfile says, builds the bundles that are stale, then runs the wanted
 * command on the Node that the project brings.
 *
 *     node tools/bootstrap.mjs COMMAND [FLAGS]      a command of bootstrap/usage.mjs
 *     node tools/bootstrap.mjs run SCRIPT [ARGS]    any script of the project
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildStale } from './bootstrap/build.mjs';
import { install } from './bootstrap/install.mjs';
import { findNode, installState } from './bootstrap/install-state.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { Interrupted, npmIn } from './bootstrap/npm.mjs';
import { commands, overview } from './bootstrap/usage.mjs';
import { say, step } from './support/progress.mjs';

const endings = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} argv */
async function main([name, ...args]) {
  if (name === '--help' || name === 'help') return say(overview);
  const command = name === undefined ? undefined : commands[name];
  if (command === undefined && name !== undefined && name !== 'run') {
    say(`There is no command "${name}".\n\n${overview}`);
    process.exitCode = 2;
    return;
  }
  if (command !== undefined && args.includes('--help')) return say(command.usage);
  const node = await prepare(command?.builds ?? false);
  if (command !== undefined) await run(node, [command.script, ...args]);
  else if (name === 'run') await run(node, args);
}

/**
 * Installs and builds what is stale, alone in this checkout. Asked to end meanwhile, it ends once npm has.
 * @param {boolean} builds
 * @returns {Promise<string>} the Node to run on
 */
async function prepare(builds) {
  const ending = new AbortController();
  const end = () => ending.abort(new Interrupted());
  for (const signal of endings) process.on(signal, end);
  try {
    return await withLock(join(root, '.tma', 'bootstrap.lock'), {
      signal: ending.signal,
      onWait: (pid) =>
        say(`Another start (process ${pid}) is installing or building in this folder; waiting for it …`),
      work: (alsoHeldBy) =>
        installAndBuild(builds, npmIn(root, { signal: ending.signal, onStart: alsoHeldBy })),
    });
  } finally {
    for (const signal of endings) process.off(signal, end);
  }
}

/**
 * @param {boolean} builds
 * @param {(args: string[]) => Promise<void>} npm
 */
async function installAndBuild(builds, npm) {
  const state = installState(root);
  if (!state.fresh) {
    say(`Preparing this checkout, because ${state.reason}. This happens once and takes a minute or three.`);
    for (const name of await install(root, { step, npm })) {
      say(`  ${name} was skipped: it is optional and could not be built here (no C++ compiler?).`);
    }
  }
  const node = findNode(root);
  if (node === undefined) {
    throw new Error(
      'This needs Node 24, which is not packaged for this platform. Install Node 24 and try again.',
    );
  }
  if (builds) await buildStale(root, { node, step });
  return node;
}

/**
 * Runs a script to its end and takes over its exit code. The channel to it closes when we are killed, so that even
 * then it stops what it started.
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function run(node, args) {
  const child = spawn(node, args, {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: ownEnvironment(),
  });
  // Ctrl+C in a terminal reaches the child by itself, too; it counts signals that come together as one.
  for (const signal of endings) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

/**
 * Programs that the script starts by name are the project's: its Node before the machine's. What Node has compiled of
 * our code and of the packages is kept: half of the time of a start.
 */
function ownEnvironment() {
  const bin = join(root, 'node_modules', '.bin');
  const separator = process.platform === 'win32' ? ';' : ':';
  return {
    NODE_COMPILE_CACHE: join(root, '.tma', 'compile-cache'),
    ...process.env,
    PATH: `${bin}${separator}${process.env.PATH ?? ''}`,
  };
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isAsked = error instanceof Interrupted;
  if (!isAsked) process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = isAsked ? 130 : 1;
}
