/** Two laptops that hold the same log show the same case, and nothing either of them wrote is lost. */
import { afterEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../platform/crypto.ts';
import { toBase64Url } from '../../../shared/bytes.ts';
import { procedures } from '../../../shared/contract/procedures.ts';
import { type CaseId, caseRecordId, newId, type RecordId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { removedField } from '../../../shared/sync/change.ts';
import { sealTo } from '../sync/sealing.ts';
import { temporaryFolder } from '../vault/testing.ts';
import {
  applied,
  type Laptop,
  openLaptop,
  pull,
  push,
  sync,
  type TestService,
  testClock,
  testService,
} from './testing.ts';

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

const limits = { maxChanges: 500, maxBytes: 1024 * 1024 };

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function twoLaptops(): Promise<{ a: Laptop; b: Laptop; service: TestService }> {
  const make = async (name: string) => {
    const folder = temporaryFolder();
    const laptop = await openLaptop({ folder: folder.path, name, ids: testClock() });
    cleanUps.push(
      () => folder[Symbol.dispose](),
      () => laptop.vault.close(),
    );
    return laptop;
  };
  const [a, b] = [await make('Anna'), await make('Ben')];
  const directory = {
    users: [a, b].map(({ owner }) => ({
      id: owner.userId,
      name: owner.userName,
      role: owner.userRole,
      active: true,
    })),
    devices: [a, b].map(({ owner }) => ({
      id: owner.deviceId,
      user: owner.userId,
      label: owner.deviceLabel,
      key: owner.serviceKey,
    })),
  };
  expect(await a.log.saveDirectory(directory)).toBe(true);
  expect(await a.log.saveDirectory(directory)).toBe(false);
  await b.log.saveDirectory(directory);
  return { a, b, service: testService() };
}

async function view({ handlers }: Laptop, caseId: CaseId, record: RecordId) {
  const { records } = await handlers['cases.get']({ caseId });
  const found = records.find(({ id }) => id === record);
  if (found === undefined) throw new Error('record is not shown');
  return found;
}

/** Edits a record as its author sees it. */
async function edit(
  laptop: Laptop,
  caseId: CaseId,
  change: { record: RecordId; values: Record<string, Json> },
) {
  const { kind, saw } = await view(laptop, caseId, change.record);
  const fields = Object.fromEntries(
    Object.entries(change.values).map(([name, value]) => [name, { value, saw: saw[name] ?? [] }]),
  );
  await laptop.handlers['cases.edit']({
    caseId,
    edits: [{ record: change.record, kind, op: 'update', fields }],
  });
}

async function makePerson(laptop: Laptop, caseId: CaseId, name: string): Promise<RecordId> {
  const record = newId<RecordId>(laptop.workspace.author.ids);
  const fields = { name: { value: name, saw: [] } };
  await laptop.handlers['cases.edit']({ caseId, edits: [{ record, kind: 'person', op: 'create', fields }] });
  return record;
}

async function sharedCase(a: Laptop, b: Laptop, service: TestService) {
  const { caseId } = await a.handlers['reports.take'](report);
  const person = await makePerson(a, caseId, 'Max Weis');
  await sync(a, service);
  await sync(b, service);
  return { caseId, person };
}

const shownCase = async ({ handlers }: Laptop, caseId: CaseId) => {
  const { line, records } = await handlers['cases.get']({ caseId });
  return { line, records };
};

describe('two laptops', () => {
  it('show the same case once both hold its log, with its number and nothing left to send', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId } = await sharedCase(a, b, service);
    const shown = await shownCase(a, caseId);
    expect(await shownCase(b, caseId)).toEqual(shown);
    expect(shown.line).toMatchObject({ number: '2026-0001', unsent: 0 });
    expect(shown.records[0]?.createdBy).toBe(a.owner.userId);
    expect(await a.log.state()).toEqual({ unsent: 0, oldestUnsentAtMs: null, refused: 0, refusedToRead: 0 });
    const found = await b.handlers['search.query']({ text: '2026-0001', limit: 5 });
    expect(found.hits.map(({ caseId: hit }) => hit)).toEqual([caseId]);
  });

  it('show both values of a field that both edited offline, and agree once a person decides', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    await edit(a, caseId, { record: person, values: { name: 'Max Weiss' } });
    await edit(b, caseId, { record: person, values: { name: 'Max Weiß' } });
    for (const laptop of [a, b, a]) await sync(laptop, service);
    expect(await shownCase(b, caseId)).toEqual(await shownCase(a, caseId));
    expect((await shownCase(a, caseId)).line.conflicts).toBe(1);

    const { lines } = procedures['conflicts.list'].output.parse(await b.handlers['conflicts.list']({}));
    expect(lines).toMatchObject([{ caseId, recordId: person, field: 'name', kind: 'person' }]);
    const conflict = procedures['conflicts.get'].output.parse(
      await b.handlers['conflicts.get']({ caseId, recordId: person, field: 'name' }),
    );
    expect(conflict?.base).toMatchObject({ value: 'Max Weis', user: a.owner.userId });
    expect(conflict?.versions.map(({ value, mine, user }) => ({ value, mine, user }))).toEqual(
      expect.arrayContaining([
        { value: 'Max Weiss', mine: false, user: a.owner.userId },
        { value: 'Max Weiß', mine: true, user: b.owner.userId },
      ]),
    );
    expect(conflict?.versions.filter(({ shown }) => shown)).toHaveLength(1);
    expect((await b.handlers['day.get']({})).tasks.map(({ type }) => type)).toContain('conflict');

    const resolution = { name: { value: 'Max Weiß', saw: conflict?.saw ?? [] } };
    await b.handlers['cases.edit']({
      caseId,
      edits: [{ record: person, kind: 'person', op: 'update', fields: resolution }],
    });
    for (const laptop of [b, a]) await sync(laptop, service);
    for (const laptop of [a, b]) {
      expect((await view(laptop, caseId, person)).values.name).toBe('Max Weiß');
      expect((await shownCase(laptop, caseId)).line.conflicts).toBe(0);
      // Told after the fact: what stood against what, and what holds since.
      const settled = await laptop.handlers['conflicts.get']({ caseId, recordId: person, field: 'name' });
      expect(settled).toMatchObject({ settled: { value: 'Max Weiß' }, base: { value: 'Max Weis' } });
      expect(settled?.versions.map(({ value }) => value).toSorted()).toEqual(['Max Weiss', 'Max Weiß']);
      const never = { caseId, recordId: person, field: 'role' };
      expect(await laptop.handlers['conflicts.get'](never)).toBeNull();
    }
  });

  it('keep a record visible that one removed while the other edited it, until somebody decides', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    const removal = { record: person, kind: 'person', op: 'remove', fields: {} } as const;
    await a.handlers['cases.edit']({ caseId, edits: [removal] });
    await edit(b, caseId, { record: person, values: { role: 'of-concern' } });
    for (const laptop of [a, b, a]) await sync(laptop, service);
    for (const laptop of [a, b]) {
      expect((await view(laptop, caseId, person)).contested).toEqual([removedField]);
    }
    const asked = { caseId, recordId: person, field: removedField };
    const conflict = await a.handlers['conflicts.get'](asked);
    expect(conflict?.versions.map(({ value, user }) => [value, user])).toEqual(
      expect.arrayContaining([
        [true, a.owner.userId],
        [false, b.owner.userId],
      ]),
    );
    expect(conflict?.beside).toMatchObject([
      { field: 'role', before: null, after: { value: 'of-concern', user: b.owner.userId } },
    ]);
    expect(conflict?.values).toMatchObject({ name: 'Max Weis', role: 'of-concern' });
    const keep = { [removedField]: { value: false, saw: conflict?.saw ?? [] } };
    await a.handlers['cases.edit']({
      caseId,
      edits: [{ record: person, kind: 'person', op: 'update', fields: keep }],
    });
    for (const laptop of [a, b]) await sync(laptop, service);
    for (const laptop of [a, b]) {
      expect((await view(laptop, caseId, person)).contested).toEqual([]);
      expect((await view(laptop, caseId, person)).values).toMatchObject({
        name: 'Max Weis',
        role: 'of-concern',
      });
    }
  });

  it('remove a record for good when the removal is repeated in view of the edit', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    const removal = { record: person, kind: 'person', op: 'remove', fields: {} } as const;
    await a.handlers['cases.edit']({ caseId, edits: [removal] });
    await edit(b, caseId, { record: person, values: { role: 'witness' } });
    for (const laptop of [a, b, a]) await sync(laptop, service);
    await a.handlers['cases.edit']({ caseId, edits: [removal] });
    for (const laptop of [a, b]) await sync(laptop, service);
    for (const laptop of [a, b]) await expect(view(laptop, caseId, person)).rejects.toThrow('not shown');
    expect((await a.handlers['search.query']({ text: 'Weis', limit: 5 })).hits).toEqual([]);
  });

  it('show the safer of two levels decided apart, marked', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId } = await sharedCase(a, b, service);
    const record = caseRecordId(caseId);
    await edit(a, caseId, { record, values: { level: 'high', levelRationale: 'Zugang und Plan' } });
    await edit(b, caseId, { record, values: { level: 'low', levelRationale: 'Nur Gerede' } });
    for (const laptop of [a, b, a]) await sync(laptop, service);
    for (const laptop of [a, b]) {
      expect((await shownCase(laptop, caseId)).line).toMatchObject({ level: 'high', conflicts: 2 });
    }
  });

  it('see a page twice as nothing new, and refuse one that leaves something out', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId } = await sharedCase(a, b, service);
    const first = service.page(caseId, 0);
    const later = service.page(caseId, 1);
    if (first === undefined || later === undefined) throw new Error('no page');
    await expect(applied(b.log, first)).rejects.toMatchObject({ code: 'service.log-contradicts' });
    await b.log.dropCase(caseId);
    await expect(applied(b.log, later)).rejects.toMatchObject({ code: 'service.log-contradicts' });
    expect(await applied(b.log, first)).toMatchObject({ changed: true, entries: 3 });
    expect(await shownCase(b, caseId)).toEqual(await shownCase(a, caseId));
  });

  it('take the pages that fit when one among them does not', async () => {
    const { a, b, service } = await twoLaptops();
    const first = await sharedCase(a, b, service);
    const { caseId: second } = await a.handlers['reports.take'](report);
    await edit(a, first.caseId, { record: first.person, values: { name: 'Neu' } });
    await push(a, service);
    const [wrong, right, fresh] = [
      service.page(first.caseId, 0),
      service.page(first.caseId, 3),
      service.page(second, 0),
    ];
    if (wrong === undefined || right === undefined || fresh === undefined) throw new Error('no page');
    expect(await b.log.applyCasePages([wrong, fresh])).toMatchObject([
      { outcome: 'refused', caseId: first.caseId, code: 'service.log-contradicts' },
      { outcome: 'applied', caseId: second, entries: 2, changed: true },
    ]);
    expect((await view(b, first.caseId, first.person)).values.name).toBe('Max Weis');
    expect(await b.log.applyCasePages([right])).toMatchObject([{ outcome: 'applied', entries: 1 }]);
    await pull(a, service);
    expect(await shownCase(b, first.caseId)).toEqual(await shownCase(a, first.caseId));
    expect(await shownCase(b, second)).toEqual(await shownCase(a, second));
  });

  it('end up the same whether the log comes in one page or one change at a time', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    for (const role of ['target', 'witness', 'of-concern']) {
      await edit(a, caseId, { record: person, values: { role } });
    }
    await edit(b, caseId, { record: person, values: { role: 'other', note: 'meins' } });
    await push(a, service);
    await push(b, service);
    await pull(a, service);
    await pull(b, service, 1);
    expect(await shownCase(b, caseId)).toEqual(await shownCase(a, caseId));
    expect((await b.log.cursors()).get(caseId)?.position).toBe(service.page(caseId, 0)?.cursor.position);
  });
});

describe('what the service refuses', () => {
  it('is taken back out of the record, kept in the history with its reason, and blocks nothing', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    service.refuse = ({ device }) => (device === b.owner.deviceId ? 'access.denied' : undefined);
    await edit(b, caseId, { record: person, values: { name: 'Nicht erlaubt' } });
    const added = await makePerson(b, caseId, 'Auch nicht');
    expect((await view(b, caseId, person)).values.name).toBe('Nicht erlaubt');
    await push(b, service);
    expect((await view(b, caseId, person)).values.name).toBe('Max Weis');
    await expect(view(b, caseId, added)).rejects.toThrow('not shown');
    await pull(b, service);
    await sync(a, service);
    expect(await b.log.state()).toMatchObject({ unsent: 0, oldestUnsentAtMs: null, refused: 2 });
    expect(await shownCase(a, caseId)).toMatchObject({
      line: { conflicts: 0 },
      records: (await shownCase(b, caseId)).records,
    });
    const { entries } = await b.handlers['cases.history']({ caseId, offset: 0, limit: 2 });
    expect(entries.map(({ state, code }) => [state, code])).toEqual([
      ['refused', 'access.denied'],
      ['refused', 'access.denied'],
    ]);
    service.refuse = () => undefined;
    await edit(b, caseId, { record: person, values: { name: 'Max Weiß' } });
    for (const laptop of [b, a]) await sync(laptop, service);
    expect((await view(a, caseId, person)).values.name).toBe('Max Weiß');
  });

  it('waits when a whole case is refused, until the service is asked again', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    await edit(a, caseId, { record: person, values: { name: 'X' } });
    const limits = { maxChanges: 10, maxBytes: 1_000_000 };
    expect(await a.log.pendingRuns(limits)).toHaveLength(1);
    await a.log.markPushed({ segments: [{ outcome: 'refused', case: caseId, code: 'change.gap' }] });
    expect(await a.log.pendingRuns(limits)).toHaveLength(1);
    await a.log.markPushed({ segments: [{ outcome: 'refused', case: caseId, code: 'access.denied' }] });
    expect(await a.log.pendingRuns(limits)).toEqual([]);
    expect((await a.log.state()).unsent).toBe(1);
    await a.log.releaseRefused();
    expect(await a.log.pendingRuns(limits)).toHaveLength(1);
  });
});

describe('a laptop', () => {
  it('whose clock runs ahead takes the clock the service counts', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    service.nowMs = () => Date.UTC(2026, 10, 24);
    a.workspace.author.ids.nowMs();
    const ahead = testClock(Date.UTC(2030, 0, 1));
    Object.assign(a.workspace.author.ids, { nowMs: ahead.nowMs });
    await edit(a, caseId, { record: person, values: { name: 'Aus der Zukunft' } });
    for (const laptop of [a, b]) await sync(laptop, service);
    expect(await shownCase(a, caseId)).toEqual(await shownCase(b, caseId));
    const { entries } = await a.handlers['cases.history']({ caseId, offset: 0, limit: 1 });
    expect(entries[0]?.at).toBe('2026-11-24T00:05:00.000Z');
  });

  it('forgets a case that is taken away, but not before everything written in it was handed in', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    await edit(b, caseId, { record: person, values: { name: 'Noch nicht gesendet' } });
    expect(await b.log.dropCase(caseId)).toBe(false);
    expect((await view(b, caseId, person)).values.name).toBe('Noch nicht gesendet');
    await push(b, service);
    expect(await b.log.dropCase(caseId)).toBe(true);
    await expect(b.handlers['cases.get']({ caseId })).rejects.toMatchObject({ code: 'case.not-found' });
    expect((await b.handlers['search.query']({ text: 'Kollege', limit: 5 })).hits).toEqual([]);
    expect((await b.log.state()).unsent).toBe(0);
    for (const laptop of [b, a]) await sync(laptop, service);
    expect((await view(b, caseId, person)).values.name).toBe('Noch nicht gesendet');
    expect(await shownCase(b, caseId)).toEqual(await shownCase(a, caseId));
  });

  it('seals what waits on a laptop that is taken back, also beside what it holds for a restored service', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    const beginning = service.page(caseId, 0, 1);
    if (beginning === undefined) throw new Error('no page');
    await b.log.layAside(caseId, beginning.cursor);
    await edit(b, caseId, { record: person, values: { name: 'Noch nicht gesendet' } });
    const escrow = { keyId: 'safe-1', publicKey: toBase64Url(Buffer.alloc(32, 9)) };
    const device = { id: b.owner.deviceId, signer: b.identity.signer };
    const seal = sealTo(escrow, { device, crypto: nodeCrypto, nowMs: Date.now }, 'wiped');
    expect(await b.log.dropCase(caseId, seal)).toBe(false);
    expect(await b.log.packets()).toHaveLength(0);
    expect(await b.log.dropCase(caseId, seal, true)).toBe(true);
    expect(await b.log.packets()).toHaveLength(1);
  });

  it('goes on with its chain in a case that comes back, before the whole log is here again', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    await edit(a, caseId, { record: person, values: { name: 'Vorher' } });
    await push(a, service);
    const used = (await a.log.ownRun(caseId, 1, limits))?.changes.length ?? 0;
    expect(await a.log.dropCase(caseId)).toBe(true);
    const beginning = service.page(caseId, 0, 3);
    if (beginning === undefined) throw new Error('no page');
    await applied(a.log, beginning);
    await edit(a, caseId, { record: person, values: { name: 'Nachher' } });
    const [draft] = await a.log.pendingRuns(limits);
    expect(draft?.prev.n).toBe(used);
    for (const laptop of [a, b]) await sync(laptop, service);
    expect((await view(b, caseId, person)).contested).toEqual(['name']);
    expect(await shownCase(b, caseId)).toEqual(await shownCase(a, caseId));
  });

  it('refuses a log that holds another change under one of its own numbers', async () => {
    const { a, b, service } = await twoLaptops();
    const { caseId, person } = await sharedCase(a, b, service);
    await edit(a, caseId, { record: person, values: { name: 'Fassung 1' } });
    await push(a, service);
    await a.vault.write(async (tx) => {
      await tx
        .updateTable('outbox')
        .set({ hash: 'B'.repeat(43) })
        .execute();
    });
    await expect(pull(a, service)).rejects.toMatchObject({ code: 'change.chain-broken' });
  });

  it('cuts a long backlog at its limits, never through a group, and hands out any part again', async () => {
    const { a } = await twoLaptops();
    const { caseId } = await a.handlers['reports.take'](report);
    for (let i = 0; i < 3; i++) await makePerson(a, caseId, `Person ${i}`);
    const count = async (maxChanges: number, maxBytes = 1_000_000) =>
      (await a.log.pendingRuns({ maxChanges, maxBytes })).map(({ changes }) => changes.length);
    expect(await count(500)).toEqual([5]);
    expect(await count(4)).toEqual([4]);
    // The report and its case are one group: too large for one change, they go apart rather than never.
    expect(await count(1)).toEqual([1]);
    expect(await count(500, 10)).toEqual([1]);
    const part = await a.log.ownRun(caseId, 3, { maxChanges: 2, maxBytes: 1_000_000 });
    expect([part?.prev.n, part?.changes.length]).toEqual([2, 2]);
    expect(await a.log.ownRun(caseId, 9, { maxChanges: 2, maxBytes: 1_000_000 })).toBeUndefined();
  });
});
