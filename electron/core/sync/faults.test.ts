/**
 * What goes wrong between a laptop and the service, for real: a service process that is killed, a PostgreSQL that
 * crashes, a line and a proxy on their bad days, a disk without room. Each time the laptop says calmly what is the
 * matter, goes on by itself when it is over, and everything is on both sides once. `npm run prove:faults` does the
 * same at random and for longer.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId, UserId } from '../../../shared/ids.ts';
import { type FaultyProxy, type ProxyFault, startFaultyProxy } from '../../../tools/support/faulty-proxy.ts';
import { type FlakyLine, layLine } from '../../../tools/support/flaky-line.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { addNote, caseText, type Desk, openDesk, synced, takeReport, until } from './testing.ts';

let service: RealService;
let folder = '';
let a: Desk;
let b: Desk;
let caseId: CaseId;
let user: UserId;
const closing: (() => Promise<unknown>)[] = [];
/** Changes in the log of the case so far: the report and its case, and then the notes. */
let expected = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-faults-'));
  service = await startRealService({ isDurable: true });
  user = await service.addPerson('Anna');
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function sit(url: string, at?: string): Promise<Desk> {
  const signer = signerFromSeed(newSigningSeed());
  const desk = await openDesk({
    folder: at ?? (await mkdtemp(join(folder, 'laptop-'))),
    name: 'Anna',
    signer,
    service: { url, caPem: service.caPem },
    owner: {
      deviceId: await service.register(user, signer.publicKey),
      deviceLabel: 'Laptop',
      userId: user,
      userName: 'Anna',
      userRole: 'specialist',
      tenantId: service.tenant,
      tenantName: 'Nordwerk',
      serviceKey: toBase64Url(service.publicKey),
    },
  });
  closing.push(() => desk.close());
  return desk;
}

/** Two laptops of one person with one case; the first goes by a way of its own. */
async function pairBy(url: string, at?: string): Promise<void> {
  [a, b] = [await sit(url, at), await sit(service.url)];
  caseId = await takeReport(a, 'Er hat es angekündigt.');
  expected = 2;
  await expect(synced(a)).resolves.toMatchObject({ state: 'idle', unsent: 0 });
  await expect(synced(b)).resolves.toMatchObject({ state: 'idle' });
}

async function write(desk: Desk, notes: number, words = 'Notiz'): Promise<void> {
  for (let n = 0; n < notes; n++) await addNote(desk, caseId, `${words} ${n}`);
  expected += notes;
  desk.engine.wake();
}

const position = async (desk: Desk) => (await desk.log.cursors()).get(caseId)?.position;

/** Nothing waits, nothing is missing, nothing is there twice, and both show the same. */
async function drained(): Promise<void> {
  await until(async () => (await a.log.state()).unsent === 0, a, 30_000);
  for (const desk of [a, b]) await until(async () => (await position(desk)) === expected, desk, 30_000);
  await until(async () => (await a.engine.get()).state === 'idle', a);
  expect(await caseText(a, caseId)).toBe(await caseText(b, caseId));
  expect((await a.handlers['cases.get']({ caseId })).records).toHaveLength(expected);
}

const says = (state: 'offline' | 'error') => async () => (await a.engine.get()).state === state;

describe('a service process', () => {
  it('killed with -9 during pushes is taken up again, and its absence is told as being offline', async () => {
    await pairBy(service.url);
    for (const round of [1, 2]) {
      await write(a, 20, `Runde ${round}`);
      await new Promise((resolve) => setTimeout(resolve, 250 + 20 * round));
      await service.kill();
      await write(a, 1, `ohne Dienst ${round}`);
      await until(says('offline'), a);
      expect((await a.engine.get()).error).toBe('service.unreachable');
      await service.start();
    }
    await drained();
  });

  it('whose PostgreSQL crashes during pushes refuses calmly, and everything committed is there once', async () => {
    await pairBy(service.url);
    await write(a, 20, 'davor');
    await new Promise((resolve) => setTimeout(resolve, 260));
    await service.crashDatabase();
    await write(a, 5, 'ohne Datenbank');
    await until(says('offline'), a, 20_000);
    expect(['service.error', 'service.busy', 'service.unreachable']).toContain((await a.engine.get()).error);
    await service.startDatabase();
    await drained();
  });
});

describe('a line', () => {
  const bad: readonly (readonly [string, (line: FlakyLine) => void])[] = [
    ['cut', (line) => line.cut()],
    ['half-closed', (line) => line.halfClose()],
    ['that breaks off answers', (line) => line.cutAnswersAfter(2_000)],
  ];

  it.each(bad)('%s is told as being offline, and mends by itself', async (_what, spoil) => {
    const line = await layLine(service.port);
    closing.push(() => line.close());
    await pairBy(line.url);
    spoil(line);
    await write(a, 10);
    await write(b, 5);
    await until(says('offline'), a, 20_000);
    line.mend();
    await drained();
  });

  it('that is slow still carries everything', async () => {
    const line = await layLine(service.port);
    closing.push(() => line.close());
    await pairBy(line.url);
    line.slowDown(20_000);
    await write(a, 30, 'wort '.repeat(20));
    await write(b, 10);
    await drained();
  });
});

describe('a proxy', () => {
  let proxy: FaultyProxy;
  const faults: readonly (readonly [string, ProxyFault])[] = [
    ...[500, 502, 503, 504].map(
      (status) => [`answers ${status} itself`, { type: 'answers', status }] as const,
    ),
    ['answers 504 after the service did it', { type: 'loses', status: 504 }],
    ['cuts answers short and says that was all', { type: 'truncates', says: 'that was all' }],
    ['breaks off in the middle of answers', { type: 'truncates', says: 'nothing more' }],
  ];

  it('with every bad day one after the other loses nothing and doubles nothing', async () => {
    proxy = await startFaultyProxy(service);
    closing.push(() => proxy.close());
    await pairBy(proxy.url);
    for (const [what, fault] of faults) {
      const before = proxy.met();
      proxy.fault(fault);
      await write(a, 4, what);
      await write(b, 1, what);
      await until(says('offline'), a, 20_000);
      await until(() => proxy.met() >= before + 3, a);
      proxy.mend();
      await drained();
    }
  });
});

function smallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const path = join(folder, 'disk');
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}

describe('a laptop', () => {
  it('whose disk is full says so, keeps what was committed, and goes on when there is room', async ({
    skip,
  }) => {
    const disk = smallDisk();
    // Only root may mount a small file system.
    if (disk === undefined) return skip();
    closing.push(async () => execFileSync('/usr/bin/umount', ['-l', disk]));
    await pairBy(service.url, disk);
    await write(a, 3, 'davor');
    await drained();
    const { bavail, bsize } = statfsSync(disk);
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize)));
    await expect(addNote(a, caseId, 'wort '.repeat(2_000))).rejects.toMatchObject({
      code: 'vault.disk-full',
    });
    await write(b, 10, 'wort '.repeat(1_000));
    await until(async () => (await a.engine.get()).error === 'vault.disk-full', a, 20_000);
    expect((await a.engine.get()).state).toBe('error');
    expect((await a.handlers['cases.get']({ caseId })).records).toHaveLength(expected - 10);
    unlinkSync(filler);
    await drained();
  });
});
