import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitForEnd } from '../support/processes.ts';
import { claim, liveHolder } from './claim.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tma-claim-'));
  file = join(dir, 'deeper', 'service.json');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function mine() {
  const claimed = await claim(file);
  if (!claimed.ours) throw new Error('the claim is not ours');
  return claimed;
}

describe('a claim', () => {
  it('goes to one of those who start at once', async () => {
    const results = await Promise.all([claim(file), claim(file), claim(file)]);
    expect(results.filter((each) => each.ours)).toHaveLength(1);
  });

  it('tells others who runs and where, once that is known', async () => {
    const claimed = await mine();
    expect(await claim(file)).toEqual({ ours: false, holder: { pid: process.pid } });
    await claimed.announce({ url: 'https://localhost:1' });
    expect(await liveHolder(file)).toEqual({ pid: process.pid, details: { url: 'https://localhost:1' } });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('can be had again after it was given back', async () => {
    await (await mine()).release();
    expect(await liveHolder(file)).toBeUndefined();
    expect((await mine()).afterCrash).toBe(false);
  });

  it('of a process killed with -9 is taken over, and said to be', async () => {
    const script = `
      const { claim } = await import(${JSON.stringify(new URL('./claim.ts', import.meta.url).href)});
      const claimed = await claim(${JSON.stringify(file)});
      console.log(claimed.ours);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const said = await new Promise((resolve) =>
      child.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
    );
    expect(said).toBe('true');
    expect(await claim(file)).toEqual({ ours: false, holder: { pid: child.pid } });
    child.kill('SIGKILL');
    await waitForEnd(child.pid ?? 0, 5_000);
    expect((await mine()).afterCrash).toBe(true);
  });

  it.each([
    ['an empty file', ''],
    ['a file cut off in the middle', '{"pid": 12'],
    ['the id of a process that is something else by now', '{"pid": 1}'],
  ])('is not kept from us by %s', async (_case, text) => {
    await (await mine()).release();
    writeFileSync(file, text);
    expect((await mine()).ours).toBe(true);
  });
});
