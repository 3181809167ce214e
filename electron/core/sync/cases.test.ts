/** How each case stands between laptop and service. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CaseId, caseRecordId } from '../../../shared/ids.ts';
import { writeMeta } from '../storage/meta.ts';
import { type Laptop, openLaptop, sync, testService } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { syncCases } from './cases.ts';

const report = {
  channel: 'phone' as const,
  receivedAt: '2026-11-23T08:00:00.000Z',
  anonymous: true,
  reporterName: null,
  reporterContact: null,
  who: 'ein Kollege',
  whoIsAtRisk: null,
  what: 'Er droht.',
  where: null,
  when: null,
  behaviours: [],
  emergency: false,
};

let folder: ReturnType<typeof temporaryFolder>;
let laptop: Laptop;

beforeEach(async () => {
  folder = temporaryFolder();
  laptop = await openLaptop({ folder: folder.path, name: 'Anna' });
});
afterEach(async () => {
  await laptop.vault.close();
  folder[Symbol.dispose]();
});

const take = async (): Promise<CaseId> => (await laptop.handlers['reports.take'](report)).caseId;
const cases = (which: 'open' | 'all') => laptop.vault.read((tx) => syncCases(tx, { which, limit: 20_000 }));

async function retitle(caseId: CaseId, title: string): Promise<void> {
  const fields = { title: { value: title, saw: [] } };
  await laptop.handlers['cases.edit']({
    caseId,
    edits: [{ record: caseRecordId(caseId), kind: 'case', op: 'update', fields }],
  });
}

it('names what waits, the oldest first, and since when', async () => {
  const [first, second] = [await take(), await take()];
  const { lines, total, open } = await cases('open');
  expect(lines).toMatchObject([
    { caseId: first, state: 'waiting', unsent: 2, lastSuccessAt: null },
    { caseId: second, state: 'waiting', unsent: 2 },
  ]);
  expect(lines[0]?.oldestUnsentAt).not.toBeNull();
  expect({ total, open }).toEqual({ total: 2, open: 2 });
});

it('says of the others when they last agreed', async () => {
  const service = testService();
  const done = await take();
  await sync(laptop, service);
  await laptop.log.set('lastSuccessAtMs', Date.UTC(2026, 10, 23, 9));
  const waiting = await take();
  expect(await cases('open')).toMatchObject({ lines: [{ caseId: waiting }], total: 2, open: 1 });
  expect((await cases('all')).lines).toMatchObject([
    { caseId: waiting, state: 'waiting', lastSuccessAt: null },
    { caseId: done, state: 'same', unsent: 0, lastSuccessAt: '2026-11-23T09:00:00.000Z' },
  ]);
});

it('puts first what needs somebody: a log that was set aside, then a case the service refuses', async () => {
  const service = testService();
  const [aside, refused, waiting] = [await take(), await take(), await take()];
  await sync(laptop, service);
  await retitle(waiting, 'wartet');
  await retitle(refused, 'abgelehnt');
  await laptop.log.markPushed({ segments: [{ outcome: 'refused', case: refused, code: 'access.denied' }] });
  await laptop.vault.write((tx) =>
    writeMeta(tx, 'setAside', [
      { case: aside, code: 'service.log-contradicts', sinceMs: 2_000, goodUntilMs: 1_000 },
    ]),
  );
  expect((await cases('open')).lines).toMatchObject([
    {
      caseId: aside,
      state: 'set-aside',
      code: 'service.log-contradicts',
      lastSuccessAt: '1970-01-01T00:00:01.000Z',
    },
    { caseId: refused, state: 'refused', code: 'access.denied', unsent: 1 },
    { caseId: waiting, state: 'waiting', code: null, unsent: 1 },
  ]);
});
