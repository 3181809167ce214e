import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildStale, inputsKey, isBuilt } from './build.mjs';

let root: string;
const bundle = {
  name: 'the screens',
  config: 'renderer/vite.config.ts',
  output: 'dist/renderer',
  inputs: ['renderer'],
};
const put = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tma-build-'));
  put('renderer/vite.config.ts', '');
  put('renderer/app/main.ts', 'one');
  // Stands where Vite is installed: leaves what it was asked for.
  put(
    'node_modules/vite/bin/vite.js',
    `const fs = require('fs');
     if (fs.readFileSync('renderer/app/main.ts', 'utf8') === 'broken') { console.error('main.ts:1 is broken'); process.exit(1); }
     fs.mkdirSync('dist/renderer', { recursive: true });
     fs.appendFileSync('dist/renderer/builds', 'x');`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function build(): Promise<number> {
  let count = 0;
  const step = (_title: string, work: () => Promise<void>) => {
    count += 1;
    return work();
  };
  await buildStale(root, { node: process.execPath, step, wanted: [bundle] });
  return count;
}

describe('a bundle', () => {
  it('is built when it is not there, and not again while nothing changes', async () => {
    expect(await build()).toBe(1);
    expect(await build()).toBe(0);
  });

  it('is built again when an input changes, appears or goes away', async () => {
    await build();
    put('renderer/app/main.ts', 'two');
    expect(await build()).toBe(1);
    put('renderer/app/more.ts', '');
    expect(await build()).toBe(1);
    rmSync(join(root, 'renderer/app/more.ts'));
    expect(await build()).toBe(1);
    rmSync(join(root, 'dist/renderer'), { recursive: true });
    expect(await build()).toBe(1);
  });

  it('is not built again for a test, or because a file is merely newer', async () => {
    await build();
    put('renderer/app/main.test.ts', 'changed');
    utimesSync(join(root, 'renderer/app/main.ts'), new Date(), new Date());
    expect(await build()).toBe(0);
  });

  it('that does not build says why, and is stale until it does', async () => {
    await build();
    put('renderer/app/main.ts', 'broken');
    await expect(build()).rejects.toThrow(/Building the screens failed:\s+main\.ts:1 is broken/);
    expect(isBuilt(root, bundle, inputsKey(root, bundle))).toBe(false);
    put('renderer/app/main.ts', 'one');
    expect(await build()).toBe(1);
  });
});
