import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withLock } from './lock.mjs';

const run = promisify(execFile);
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tma-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the lock around installing and building', () => {
  it('lets one process in at a time', async () => {
    const journal = join(dir, 'journal');
    const script = `
      import { appendFileSync } from 'node:fs';
      import { withLock } from ${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)};
      await withLock(${JSON.stringify(join(dir, 'lock'))}, { onWait() {}, work: async () => {
        appendFileSync(${JSON.stringify(journal)}, 'in ');
        await new Promise((resume) => setTimeout(resume, 150));
        appendFileSync(${JSON.stringify(journal)}, 'out ');
      } });`;
    const start = () => run(process.execPath, ['--input-type=module', '-e', script]);
    await Promise.all([start(), start(), start(), start()]);
    expect(readFileSync(journal, 'utf8')).toBe('in out '.repeat(4));
  });

  it('of a killed process is taken over', async () => {
    const { pid } = await new Promise<{ pid: number }>((resolve) => {
      const child = execFile(process.execPath, ['-e', ''], () => resolve({ pid: child.pid ?? 0 }));
    });
    mkdirSync(join(dir, 'lock'));
    writeFileSync(join(dir, 'lock', 'owner'), String(pid));
    const onWait = vi.fn();
    await expect(withLock(join(dir, 'lock'), { onWait, work: async () => 'done' })).resolves.toBe('done');
    expect(onWait).not.toHaveBeenCalled();
  });

  it('of a killed process is kept while an npm that it started still works', async () => {
    const npm = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600)']);
    mkdirSync(join(dir, 'lock'));
    writeFileSync(join(dir, 'lock', 'owner'), `4194304\n${npm.pid}\n`);
    const onWait = vi.fn();
    await withLock(join(dir, 'lock'), { onWait, work: async () => undefined });
    expect(onWait).toHaveBeenCalledWith(npm.pid);
    expect(npm.exitCode).toBe(0);
  });

  it('of a living process is waited for, and the wait is announced once', async () => {
    mkdirSync(join(dir, 'lock'));
    writeFileSync(join(dir, 'lock', 'owner'), String(process.pid));
    const onWait = vi.fn();
    setTimeout(() => rmSync(join(dir, 'lock'), { recursive: true }), 700);
    await withLock(join(dir, 'lock'), { onWait, work: async () => undefined });
    expect(onWait).toHaveBeenCalledExactlyOnceWith(process.pid);
  });

  it('is given back when the work fails', async () => {
    const work = () => Promise.reject(new Error('no network'));
    await expect(withLock(join(dir, 'lock'), { onWait: () => undefined, work })).rejects.toThrow(
      'no network',
    );
    expect(existsSync(join(dir, 'lock'))).toBe(false);
  });
});
