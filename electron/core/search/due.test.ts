/** After a first sync the index is filled bit by bit; nothing is left out of it, whatever happens meanwhile. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { type CaseId, newId, type RecordId } from '../../../shared/ids.ts';
import type { LocalLog, VerifiedPage } from '../storage/logPort.ts';
import {
  type Laptop,
  openLaptop,
  push,
  sync,
  type TestService,
  testClock,
  testService,
} from '../storage/testing.ts';
import { manualClock, startFixture, temporaryFolder } from '../vault/testing.ts';
import { countDue, fillSlice } from './due.ts';
import { createFiller } from './filler.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function sit(name: string): Promise<Laptop & { readonly path: string }> {
  const folder = temporaryFolder();
  cleanUps.push(() => folder[Symbol.dispose]());
  const laptop = await openLaptop({ folder: folder.path, name, ids: testClock() });
  cleanUps.push(() => laptop.vault.close());
  return { ...laptop, path: folder.path };
}

async function takeReport({ handlers }: Laptop, who: string): Promise<CaseId> {
  const taken = await handlers['reports.take']({
    channel: 'phone',
    receivedAt: '2026-11-23T08:00:00.000Z',
    anonymous: true,
    reporterName: null,
    reporterContact: null,
    who,
    whoIsAtRisk: null,
    what: 'Er droht.',
    where: null,
    when: null,
    behaviours: [],
    emergency: false,
  });
  return taken.caseId;
}

async function observe({ handlers, workspace }: Laptop, caseId: CaseId, text: string): Promise<RecordId> {
  const record = newId<RecordId>(workspace.author.ids);
  const fields = { text: { value: text, saw: [] } };
  await handlers['cases.edit']({ caseId, edits: [{ record, kind: 'observation', op: 'create', fields }] });
  return record;
}

/** As a stream brings them. */
async function takeAll(log: LocalLog, service: TestService): Promise<void> {
  const pages = service.caseIds().map((caseId) => service.page(caseId, 0));
  await log.applyCasePages(
    pages.filter((page): page is VerifiedPage => page !== undefined),
    { isBulk: true },
  );
}

const find = ({ handlers }: Laptop, text: string) => handlers['search.query']({ text, limit: 100 });
const slice = ({ vault }: Laptop, records: number) => vault.write((tx) => fillSlice(tx, records));

async function fillAll(laptop: Laptop, records = 3): Promise<void> {
  while (await slice(laptop, records)) expect(await countDue(laptop.vault.db)).toBeGreaterThan(0);
}

/** Three cases of four records, at Anna's and at the service; nothing at Ben's. */
async function threeCases() {
  const service = testService();
  const [anna, ben] = [await sit('Anna'), await sit('Ben')];
  const cases: CaseId[] = [];
  for (const who of ['Erster', 'Zweiter', 'Dritter']) {
    const caseId = await takeReport(anna, who);
    await observe(anna, caseId, 'Streife am Tor');
    await observe(anna, caseId, 'Streife am Parkhaus');
    cases.push(caseId);
  }
  await push(anna, service);
  return { service, anna, ben, cases };
}

describe('cases that came with a first sync', () => {
  it('are searched once they are in the index, which says how far it is', async () => {
    const { service, anna, ben } = await threeCases();
    await takeAll(ben.log, service);
    expect(await find(ben, 'streife')).toEqual({ hits: [], filling: { done: 0, total: 3 } });
    await slice(ben, 5);
    const { hits, filling } = await find(ben, 'streife');
    expect(hits).toHaveLength(3);
    expect(filling).toEqual({ done: 1, total: 3 });
    await fillAll(ben);
    expect((await find(ben, 'streife')).hits).toHaveLength(6);
    // The latest first, as in a vault in which they were written.
    expect(
      (await find(ben, 'streife')).hits.map(({ caseTitle, snippet }) => `${caseTitle} ${snippet}`),
    ).toEqual((await find(anna, 'streife')).hits.map(({ caseTitle, snippet }) => `${caseTitle} ${snippet}`));
    expect(await find(ben, 'zweiter')).toMatchObject({ hits: [{ kind: 'report' }], filling: null });
  });

  it('have what is written in them meanwhile in it at once, and once', async () => {
    const { service, ben, cases } = await threeCases();
    await takeAll(ben.log, service);
    for (const caseId of cases) await observe(ben, caseId, 'Streife wartet');
    expect((await find(ben, 'wartet')).hits).toHaveLength(3);
    await fillAll(ben, 2);
    expect((await find(ben, 'wartet')).hits).toHaveLength(3);
    expect((await find(ben, 'streife')).hits).toHaveLength(9);
  });

  it('have in it what comes later, and not what was removed before it came to that', async () => {
    const { service, anna, ben, cases } = await threeCases();
    await takeAll(ben.log, service);
    await slice(ben, 2);
    const [first] = cases;
    if (first === undefined) throw new Error('there are cases');
    const { records } = await anna.handlers['cases.get']({ caseId: first });
    const gone = records.find(({ values }) => values.text === 'Streife am Tor');
    if (gone === undefined) throw new Error('it was observed');
    const edits = [{ record: gone.id, kind: 'observation', op: 'remove' as const, fields: {} }];
    await anna.handlers['cases.edit']({ caseId: first, edits });
    await observe(anna, first, 'Streife zu zweit');
    await sync(anna, service);
    await sync(ben, service);
    expect((await find(ben, 'zweit')).hits).toHaveLength(1);
    await fillAll(ben);
    expect((await find(ben, 'streife')).hits).toHaveLength(6);
    expect((await find(ben, 'tor')).hits).toHaveLength(2);
  });

  it('leave no mark when they are taken away', async () => {
    const { service, ben, cases } = await threeCases();
    await takeAll(ben.log, service);
    for (const caseId of cases) await ben.log.dropCase(caseId);
    expect(await countDue(ben.vault.db)).toBe(0);
    expect(await find(ben, 'streife')).toEqual({ hits: [], filling: null });
  });

  it('lose nothing and get nothing twice when the program is killed while it fills', async () => {
    const { service, ben } = await threeCases();
    await takeAll(ben.log, service);
    await ben.vault.close();
    for (const slices of [1, 1, 2, 1]) {
      const child = startFixture(new URL('./fixtures/fillUntilKilled.ts', import.meta.url), [ben.path]);
      const ended = once(child, 'exit');
      if (child.stdout === null) throw new Error('no output');
      let seen = 0;
      for await (const _line of createInterface({ input: child.stdout })) {
        seen += 1;
        if (seen === slices) child.kill('SIGKILL');
      }
      await ended;
    }
    const again = await openLaptop({ folder: ben.path, name: 'Ben' });
    cleanUps.push(() => again.vault.close());
    await fillAll(again);
    expect((await find(again, 'streife')).hits).toHaveLength(6);
    const docs = await again.vault.db.selectFrom('search_docs').select(['case_id', 'record_id']).execute();
    expect(new Set(docs.map(({ case_id, record_id }) => `${case_id} ${record_id}`)).size).toBe(docs.length);
    expect(await again.vault.checkIntegrity()).toEqual([]);
  });
});

describe('filling in the background', () => {
  const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

  it('waits while cases are coming in, goes on afterwards, and ends when there is nothing left', async () => {
    const { service, ben } = await threeCases();
    const clock = manualClock();
    const filler = createFiller({ vault: ben.vault, clock });
    const pass = async () => {
      clock.advance(1_000);
      await settled();
    };
    filler.hold(true);
    await takeAll(ben.log, service);
    filler.wake();
    await pass();
    expect(await countDue(ben.vault.db)).toBe(3);
    filler.hold(false);
    await pass();
    await pass();
    expect(await find(ben, 'streife')).toMatchObject({ filling: null });
    expect((await find(ben, 'streife')).hits).toHaveLength(6);
    await filler.stop();
  });

  it('does not touch the vault any more once it is stopped', async () => {
    const { service, ben } = await threeCases();
    const clock = manualClock();
    const filler = createFiller({ vault: ben.vault, clock });
    await takeAll(ben.log, service);
    filler.wake();
    await filler.stop();
    clock.advance(60_000);
    await settled();
    expect(await countDue(ben.vault.db)).toBe(3);
  });
});
