/** Many changes in many cases, handed in by several pushes at a time to the real service. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { newSigningSeed, nodeCrypto, signerFromSeed } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { TmaError } from '../../../shared/errors.ts';
import { sideBySide } from '../../../shared/gather.ts';
import type { CaseId } from '../../../shared/ids.ts';
import { type RealService, startRealService } from '../../../tools/support/real-service.ts';
import { createServiceClient, type PinnedClient, type ServiceClient } from '../service/client.ts';
import { createPusher, mostPushesAtOnce } from './push.ts';
import { addNote, type Desk, openDesk, synced, takeReport } from './testing.ts';

let service: RealService;
let folder = '';
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tma-pushes-'));
  service = await startRealService();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** A laptop that has said hello, and a line to the service beside its engine. */
async function sit(): Promise<{ desk: Desk; client: PinnedClient; epoch: string }> {
  const signer = signerFromSeed(newSigningSeed());
  const user = await service.addPerson('Anna');
  const address = { url: service.url, caPem: service.caPem };
  const desk = await openDesk({
    folder: await mkdtemp(join(folder, 'laptop-')),
    ...{ name: 'Anna', signer, service: address },
    owner: {
      deviceId: await service.register(user, signer.publicKey),
      deviceLabel: 'Laptop',
      ...{ userId: user, userName: 'Anna', userRole: 'specialist' as const },
      ...{ tenantId: service.tenant, tenantName: 'Nordwerk' },
      serviceKey: toBase64Url(service.publicKey),
    },
  });
  closing.push(() => desk.close());
  await synced(desk);
  await desk.engine.stop();
  const client = createServiceClient({
    service: address,
    ...{ device: { id: desk.owner.deviceId, signer }, crypto: nodeCrypto, program: '0.1.0' },
    clock: { nowMs: () => Date.now(), after: () => () => undefined },
    pins: { current: () => null },
  });
  closing.push(() => client.close());
  return { desk, client, epoch: (await desk.log.get('epoch')) ?? '' };
}

interface Watched extends Pick<ServiceClient, 'push'> {
  /** The most pushes that were under way at once. */
  most: number;
  /** Whether a case was ever in two of them. */
  isShared: boolean;
}

function watching(client: ServiceClient, before: (push: number) => void = () => undefined): Watched {
  const underWay: CaseId[][] = [];
  let count = 0;
  const watched: Watched = {
    most: 0,
    isShared: false,
    async push(request, signal) {
      before(++count);
      const cases = request.segments.map((segment) => segment.case);
      watched.isShared ||= underWay.flat().some((caseId) => cases.includes(caseId));
      underWay.push(cases);
      watched.most = Math.max(watched.most, underWay.length);
      try {
        return await client.push(request, signal);
      } finally {
        underWay.splice(underWay.indexOf(cases), 1);
      }
    },
  };
  return watched;
}

async function writeMuch(desk: Desk): Promise<readonly CaseId[]> {
  const cases: CaseId[] = [];
  for (let at = 0; at < 8; at++) cases.push(await takeReport(desk, `Meldung ${at}`));
  for (const caseId of cases) for (let n = 0; n < 5; n++) await addNote(desk, caseId, `Notiz ${n}`);
  return cases;
}

const pusherOf = (desk: Desk, client: ServiceClient, watched: Watched) =>
  createPusher({
    log: desk.log,
    service: { ...client, push: watched.push },
    ...{ signer: desk.signer, serviceKey: service.publicKey, crypto: nodeCrypto },
    gather: sideBySide(mostPushesAtOnce),
    limits: { maxChanges: 3, maxBytes: 1_000_000 },
    onPushed: async () => undefined,
  });

/** Seven changes in each: the case, the report, the notes. */
async function expectAllTaken(desk: Desk, cases: readonly CaseId[]): Promise<void> {
  expect((await desk.log.state()).unsent).toBe(0);
  const cursors = await desk.log.cursors(cases);
  expect(cases.map((caseId) => cursors.get(caseId)?.position)).toEqual(cases.map(() => 7));
}

const signal = () => new AbortController().signal;

it('are sent side by side, no case in two of them, and all arrive in their order', async () => {
  const { desk, client, epoch } = await sit();
  const cases = await writeMuch(desk);
  const watched = watching(client);
  await pusherOf(desk, client, watched).pushAll(epoch, signal());
  expect([watched.most, watched.isShared]).toEqual([mostPushesAtOnce, false]);
  await expectAllTaken(desk, cases);
});

it('end together where one fails, keep what the others brought, and go on from there', async () => {
  const { desk, client, epoch } = await sit();
  const cases = await writeMuch(desk);
  const failing = watching(client, (push) => {
    if (push === 5) throw new TmaError('service.unreachable');
  });
  await expect(pusherOf(desk, client, failing).pushAll(epoch, signal())).rejects.toMatchObject({
    code: 'service.unreachable',
  });
  const { unsent } = await desk.log.state();
  expect(unsent).toBeGreaterThan(0);
  expect(unsent).toBeLessThan(56 - 3 * 3);
  await pusherOf(desk, client, watching(client)).pushAll(epoch, signal());
  await expectAllTaken(desk, cases);
});
