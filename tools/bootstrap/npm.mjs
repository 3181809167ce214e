/** Runs npm so that it never works on unseen: its end is waited for, whatever ends us. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Somebody asked for the end while npm was working; npm has ended. */
export class Interrupted extends Error {
  /** @override */
  name = 'Interrupted';
}

/**
 * @param {string} root
 * @param {{ signal?: AbortSignal, onStart?: (pid: number) => void }} [options] `onStart` is told each npm's process id
 * @returns {(args: string[]) => Promise<void>} rejects with the end of what npm said, or with {@link Interrupted}
 */
export function npmIn(root, { signal, onStart } = {}) {
  return (args) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const { file, before } = npmProgram();
      const child = spawn(file, [...before, ...args], {
        cwd: root,
        env: npmEnvironment(root),
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: before.length === 0 && process.platform === 'win32',
      });
      if (child.pid !== undefined) onStart?.(child.pid);
      const end = () => child.kill('SIGTERM');
      signal?.addEventListener('abort', end, { once: true });
      let output = '';
      const keep = (/** @type {Buffer} */ chunk) => {
        output = (output + chunk.toString()).slice(-6_000);
      };
      child.stdout.on('data', keep);
      child.stderr.on('data', keep);
      child.on('error', reject);
      child.on('close', (code) => {
        signal?.removeEventListener('abort', end);
        if (signal?.aborted) reject(new Interrupted('The installation was interrupted.'));
        else if (code === 0) resolve();
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
    // `npm test --silent` would silence this npm, too, and with it the reason of a failure.
    npm_config_loglevel: 'notice',
  };
}
