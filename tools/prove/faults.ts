/**
 * `npm run prove:faults`: two laptops write to one case while everything between them and the database fails at
 * random, each fault followed by a pause in which all must come right by itself. `--seconds` says for how long,
 * `--seed` which faults. Ends with how long it took after each kind of fault until both laptops held the same.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addNote, caseText, type Desk, openDesk, takeReport } from '../../electron/core/sync/testing.ts';
import { newSigningSeed, signerFromSeed } from '../../platform/crypto.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import type { CaseId, UserId } from '../../shared/ids.ts';
import { seededRandom } from '../demo/random.ts';
import { type ProxyFault, startFaultyProxy } from '../support/faulty-proxy.ts';
import { layLine } from '../support/flaky-line.ts';
import { say } from '../support/progress.mjs';
import { type RealService, startRealService } from '../support/real-service.ts';

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '150' }, seed: { type: 'string', default: '1' } },
});
const untilMs = Date.now() + Number(flags.seconds) * 1_000;
/** After a fault is over, everything has to be on both sides within this time. */
const patienceMs = 60_000;
const chance = seededRandom(flags.seed);
const random = (): number => chance.between(0, 0xffffff) / 2 ** 24;

const folder = await mkdtemp(join(tmpdir(), 'tma-prove-faults-'));
const service = await startRealService({ isDurable: true });
const proxy = await startFaultyProxy(service);
const line = await layLine(Number(new URL(proxy.url).port));
const user = await service.addPerson('Anna');
const [a, b] = [await sit(service, user, line.url), await sit(service, user, service.url)];

interface Fault {
  readonly name: string;
  readonly begin: () => void | Promise<void>;
  readonly end: () => void | Promise<void>;
}

const mended = { end: () => line.mend() };
const passedOn = (name: string, fault: ProxyFault): Fault => ({
  name,
  begin: () => proxy.fault(fault),
  end: () => proxy.mend(),
});
const faults: readonly Fault[] = [
  { name: 'service killed with -9', begin: () => service.kill(), end: () => service.start() },
  {
    name: 'PostgreSQL crashed',
    begin: () => service.crashDatabase(),
    end: () => service.startDatabase(),
  },
  { name: 'line cut', begin: () => line.cut(), ...mended },
  { name: 'line half-closed', begin: () => line.halfClose(), ...mended },
  { name: 'line slow', begin: () => line.slowDown(20_000), ...mended },
  { name: 'answers lost on the line', begin: () => line.swallowAnswers(), ...mended },
  { name: 'answers broken off', begin: () => line.cutAnswersAfter(500 + random() * 6_000), ...mended },
  ...[500, 502, 503, 504].map((status) => passedOn(`proxy says ${status}`, { type: 'answers', status })),
  passedOn('proxy says 504, service did it', { type: 'loses', status: 504 }),
  passedOn('proxy truncates, says that was all', { type: 'truncates', says: 'that was all' }),
  passedOn('proxy truncates, breaks off', { type: 'truncates', says: 'nothing more' }),
];

const caseId = await takeReport(a, 'Er hat es angekündigt.');
let expected = 2;
a.engine.start();
b.engine.start();
await drained(caseId);

const took = new Map<string, number[]>();
let problem: string | null = null;
try {
  while (Date.now() < untilMs) {
    const fault = faults[Math.floor(random() * faults.length)];
    if (fault === undefined) break;
    await write(a, caseId);
    await sleep(random() * 300);
    await fault.begin();
    await Promise.all([write(a, caseId), write(b, caseId)]);
    await sleep(random() * 1_500);
    await fault.end();
    const overMs = performance.now();
    await drained(caseId);
    took.set(fault.name, [...(took.get(fault.name) ?? []), performance.now() - overMs]);
  }
  const { records } = await b.handlers['cases.get']({ caseId });
  if (records.length !== expected) problem = `${records.length} records for ${expected} changes`;
  if ((await caseText(a, caseId)) !== (await caseText(b, caseId)))
    problem = 'the laptops show different things';
} catch (error) {
  problem = error instanceof Error ? error.message : String(error);
} finally {
  for (const desk of [a, b]) await desk.close();
  await line.close();
  await proxy.close();
  await service.close();
  await rm(folder, { recursive: true, force: true });
}
report();

async function sit(of: RealService, who: UserId, url: string): Promise<Desk> {
  const signer = signerFromSeed(newSigningSeed());
  return openDesk({
    folder: await mkdtemp(join(folder, 'laptop-')),
    name: 'Anna',
    signer,
    random,
    service: { url, caPem: of.caPem },
    owner: {
      deviceId: await of.register(who, signer.publicKey),
      deviceLabel: 'Laptop',
      userId: who,
      userName: 'Anna',
      userRole: 'specialist',
      tenantId: of.tenant,
      tenantName: 'Nordwerk',
      serviceKey: toBase64Url(of.publicKey),
    },
  });
}

async function write(desk: Desk, to: CaseId): Promise<void> {
  const notes = 1 + Math.floor(random() * 12);
  for (let n = 0; n < notes; n++) {
    await addNote(desk, to, `Notiz ${expected} ${'wort '.repeat(Math.floor(random() * 60))}`);
    expected += 1;
  }
  desk.engine.wake();
}

/** @throws {Error} when something is still missing on one side after a minute. */
async function drained(of: CaseId): Promise<void> {
  const deadlineMs = Date.now() + patienceMs;
  const isWhole = async (desk: Desk): Promise<boolean> =>
    (await desk.log.state()).unsent === 0 && (await desk.log.cursors()).get(of)?.position === expected;
  while (!((await isWhole(a)) && (await isWhole(b)))) {
    if (Date.now() > deadlineMs) {
      throw new Error(`stalled: ${JSON.stringify([await a.engine.get(), await b.engine.get()])}`);
    }
    await sleep(20);
  }
}

function report(): void {
  const all = [...took.values()].flat();
  for (const [name, times] of [...took].sort()) {
    say(
      `${name.padEnd(36)} ${String(times.length).padStart(3)} ×   median ${seconds(middle(times))}   longest ${seconds(Math.max(...times))}`,
    );
  }
  const summary = `${all.length} faults, ${expected} changes, seed ${flags.seed}: longest to come right ${seconds(Math.max(0, ...all))}`;
  say(problem === null ? `proved: ${summary}` : `failed: ${problem} (${summary})`);
  process.exitCode = problem === null ? 0 : 1;
}

function middle(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
