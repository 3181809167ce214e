/** What can be asked about another process without owning it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemCode } from './tool-error.ts';

const run = promisify(execFile);

/** Whether a process of that id exists (it may be one of another user). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** The command line of a process, or `undefined` when it is gone or the system does not tell. */
export async function programOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text === '' ? undefined : text.replaceAll('\0', ' ');
  }
  return askPs(pid, 'args=');
}

/** The id of the process that started it; 1 once that one is gone. */
export async function parentOf(pid: number): Promise<number | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // `pid (name) state ppid …`: the name may itself hold spaces and parentheses.
    const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
    return Number.isInteger(parent) ? parent : undefined;
  }
  const parent = Number(await askPs(pid, 'ppid='));
  return Number.isInteger(parent) ? parent : undefined;
}

/** Waits until the process is gone; `false` when it still exists after that time. */
export async function waitForEnd(pid: number, patienceMs: number): Promise<boolean> {
  const deadlineMs = Date.now() + patienceMs;
  while (isAlive(pid)) {
    if (Date.now() > deadlineMs) return false;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  return true;
}

async function askPs(pid: number, column: string): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const answer = await run('ps', ['-o', column, '-p', String(pid)]).catch(() => undefined);
  const text = answer?.stdout.trim();
  return text === '' ? undefined : text;
}
