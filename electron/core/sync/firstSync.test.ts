/** A laptop that gets many cases for the first time, over a line that breaks again and again. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import type { CaseId, UserId } from '../../../shared/ids.ts';
import { layLine } from '../../../tools/support/flaky-line.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import type { StartReader } from './handful.ts';
import { readerThread } from './readerThread.ts';
import { addNote, caseText, type Desk, eventsOf, openDesk, synced, takeReport, until } from './testing.ts';

let service: RealService;
let folder = '';
let anna: UserId;
let writer: Desk;
const cases: CaseId[] = [];
const desks: Desk[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-first-sync-'));
  service = await startRealService();
  anna = await service.addPerson('Anna');
  writer = await sit(service.url);
  for (let n = 0; n < 24; n++) {
    const caseId = await takeReport(writer, `Meldung ${n}`);
    cases.push(caseId);
    // Of random letters, so that no packing makes it fit into one answer.
    for (let i = 0; i < 3; i++) await addNote(writer, caseId, randomBytes(36_000).toString('base64'));
  }
  await synced(writer);
}, 60_000);
afterEach(async () => {
  for (const desk of desks.splice(1)) await desk.close();
});
afterAll(async () => {
  for (const desk of desks) await desk.close();
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

async function sit(url: string, startReader?: StartReader): Promise<Desk> {
  const signer = signerFromSeed(newSigningSeed());
  const desk = await openDesk({
    folder: await mkdtemp(join(folder, 'laptop-')),
    ...{ name: 'Anna', signer, ...(startReader && { startReader }) },
    service: { url, caPem: service.caPem },
    owner: {
      deviceId: await service.register(anna, signer.publicKey),
      ...{ deviceLabel: 'Laptop', userId: anna, userName: 'Anna', userRole: 'specialist' },
      ...{ tenantId: service.tenant, tenantName: 'Nordwerk', serviceKey: toBase64Url(service.publicKey) },
    },
  });
  desks.push(desk);
  return desk;
}

const held = async (desk: Desk) => (await desk.log.cursors()).size;

async function expectSame(desk: Desk): Promise<void> {
  for (const caseId of cases) expect(await caseText(desk, caseId)).toBe(await caseText(writer, caseId));
}

describe.each([
  ['on a thread of its own', readerThread(nodeCrypto)],
  ['on the same thread', undefined],
] as const)('a first sync that is read %s', (_where, startReader) => {
  it('brings every case, the latest first, and tells how many are here', async () => {
    const desk = await sit(service.url, startReader);
    await expect(synced(desk)).resolves.toMatchObject({ state: 'idle', error: null });
    await expectSame(desk);
    const told = eventsOf(desk, 'sync').flatMap(({ progress }) => (progress?.cases ? [progress.cases] : []));
    expect(told.length).toBeGreaterThan(1);
    const all = await held(desk);
    expect(told.every(({ done, total }) => done <= total && total <= all)).toBe(true);
    expect(told.at(-1)?.done).toBe(told.at(-1)?.total);
    expect(eventsOf(desk, 'cases')[0]?.caseIds).toContain(cases.at(-1));
    expect(eventsOf(desk, 'sync').at(-1)?.progress).toBeNull();
  });

  it('goes on where the line broke, wherever that was', async () => {
    const way = await layLine(service.port);
    try {
      const desk = await sit(way.url, startReader);
      let before = 0;
      for (const bytes of [500, 5_000, 120_000, 600_000, 900_000, 1_200_000]) {
        way.cutAnswersAfter(bytes);
        await synced(desk);
        // What was here stays here.
        expect(await held(desk)).toBeGreaterThanOrEqual(before);
        before = await held(desk);
      }
      way.mend();
      await until(async () => (await synced(desk)).state === 'idle', desk, 20_000);
      await expectSame(desk);
    } finally {
      await way.close();
    }
  });

  it('can be worked with while it runs: what is written meanwhile is handed in', async () => {
    const desk = await sit(service.url, startReader);
    desk.engine.start();
    const over = desk.engine.now();
    await until(async () => (await held(desk)) > 0, desk);
    const caseId = await takeReport(desk, 'Während der ersten Synchronisierung');
    desk.engine.wake();
    expect((await desk.handlers['cases.get']({ caseId })).records).toHaveLength(2);
    await until(async () => (await desk.log.state()).unsent === 0, desk);
    await over;
    expect((await desk.log.cursors([caseId])).get(caseId)?.position).toBe(2);
    await expectSame(desk);
  });
});
