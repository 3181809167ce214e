/**
 * A base image from this machine's own Node, for building without a registry of images: the program, the libraries
 * it is linked to, and the two files that give user 65532 a name. No shell, no package manager, nothing else.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '../support/tool-error.ts';

const run = promisify(execFile);

/** Fills `folder` with the root file system. @throws {ToolError} where programs are not linked as on Linux. */
export async function makeBase(folder: string, node: string = process.execPath): Promise<void> {
  if (process.platform !== 'linux') throw new ToolError('An image can be built only on Linux.');
  await place(folder, await realpath(node), 'usr/local/bin/node');
  for (const library of await librariesOf(node)) await place(folder, library, library);
  await mkdir(join(folder, 'etc'), { recursive: true });
  // Where a runtime puts its own file systems.
  for (const name of ['dev', 'proc', 'sys', 'tmp']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'etc/passwd'), 'root:x:0:0::/:/none\nnonroot:x:65532:65532::/app:/none\n');
  await writeFile(join(folder, 'etc/group'), 'root:x:0:\nnonroot:x:65532:\n');
  await writeFile(join(folder, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  await writeFile(join(folder, '.dockerignore'), 'Dockerfile\n.dockerignore\n');
}

async function place(folder: string, from: string, to: string): Promise<void> {
  const target = join(folder, to);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(from, target);
}

/** Parts of the C library that are loaded while a program runs: names of hosts, and what native packages ask for. */
const loadedLater = ['libresolv.so.2', 'libnss_dns.so.2', 'libnss_files.so.2', 'librt.so.1'];

/** Paths as the loader looks for them. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const linked = await linkedTo(program);
  const libc = linked.find((path) => path.endsWith('/libc.so.6'));
  if (libc === undefined) throw new ToolError(`${program} is not linked to the GNU C library.`);
  const later = loadedLater.map((name) => join(dirname(libc), name)).filter(existsSync);
  return [...new Set([...linked, ...later])];
}

async function linkedTo(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program]);
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].flatMap(([, path]) =>
    path === undefined ? [] : [path],
  );
}
