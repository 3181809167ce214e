/** Time that processes have used on the processor, as Linux counts it. */
import { readdir, readFile } from 'node:fs/promises';

/** Ticks a second: 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

interface Process {
  readonly parent: number;
  readonly seconds: number;
}

async function read(pid: number | string): Promise<Process | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // `pid (name) state ppid …`: the name may hold spaces. Fields 14 to 17: its own time, and that of children that ended.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined) return undefined;
  return {
    parent: Number(fields[1]),
    seconds: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond,
  };
}

export async function secondsOf(pid: number): Promise<number> {
  return (await read(pid))?.seconds ?? 0;
}

/** Of a process and all it has started, also of what has ended since. */
export async function secondsOfTree(root: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const known = new Map<number, Process>();
  for (const pid of pids) {
    const found = await read(pid);
    if (found !== undefined) known.set(Number(pid), found);
  }
  const belongs = (pid: number): boolean =>
    pid === root || (known.has(pid) && belongs(known.get(pid)?.parent ?? 0));
  return [...known].reduce((sum, [pid, { seconds }]) => (pid > 1 && belongs(pid) ? sum + seconds : sum), 0);
}

export function residentMiB(pid: number): Promise<number> {
  return memoryOf(pid, 'VmRSS');
}

/** The most it has ever held. */
export function peakMiB(pid: number): Promise<number> {
  return memoryOf(pid, 'VmHWM');
}

async function memoryOf(pid: number, count: 'VmRSS' | 'VmHWM'): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`${count}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1_024;
}
