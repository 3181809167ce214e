/** What the service refused can be read by its author and by the lead of the case, and asks for attention once. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CaseId, caseRecordId, newId, type RecordId } from '../../../shared/ids.ts';
import type { Directory } from '../../../shared/sync/wire.ts';
import { type Laptop, openLaptop, push, sync, type TestService, testService } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { listRefusals, markRead } from './refusals.ts';

const folders: ReturnType<typeof temporaryFolder>[] = [];
let service: TestService;
let lead: Laptop;
let author: Laptop;
let third: Laptop;
let caseId: CaseId;

async function open(name: string): Promise<Laptop> {
  const folder = temporaryFolder();
  folders.push(folder);
  return openLaptop({ folder: folder.path, name });
}

function directoryOf(laptops: readonly Laptop[]): Directory {
  return {
    users: laptops.map(({ owner }) => {
      return { id: owner.userId, name: owner.userName, role: owner.userRole, active: true };
    }),
    devices: laptops.map(({ owner }) => {
      return { id: owner.deviceId, user: owner.userId, label: owner.deviceLabel, key: owner.serviceKey };
    }),
  };
}

beforeEach(async () => {
  service = testService();
  [lead, author, third] = [await open('Anna'), await open('Ben'), await open('Cem')];
  const directory = directoryOf([lead, author, third]);
  for (const laptop of [lead, author, third]) await laptop.log.saveDirectory(directory);
  ({ caseId } = await lead.handlers['reports.take']({
    channel: 'phone',
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
  }));
  const fields = { lead: { value: lead.owner.userId, saw: [] } };
  const record = caseRecordId(caseId);
  await lead.handlers['cases.edit']({ caseId, edits: [{ record, kind: 'case', op: 'update', fields }] });
  for (const laptop of [lead, author, third]) await sync(laptop, service);
  service.refuse = ({ device }) => (device === author.owner.deviceId ? 'access.denied' : undefined);
  await author.handlers['cases.edit']({
    caseId,
    edits: [
      {
        record: newId<RecordId>(author.workspace.author.ids),
        kind: 'note',
        op: 'create',
        fields: { text: { value: 'Was Ben noch weiß', saw: [] } },
      },
    ],
  });
});

afterEach(async () => {
  for (const laptop of [lead, author, third]) await laptop.vault.close();
  for (const folder of folders.splice(0)) folder[Symbol.dispose]();
});

const refusals = (laptop: Laptop, withRead = false) =>
  laptop.vault.read((tx) => listRefusals(tx, laptop.workspace, { withRead, limit: 100 }));

it('reads at the author as soon as the service has answered, with the reason', async () => {
  await push(author, service);
  expect((await refusals(author)).refusals).toMatchObject([
    { fields: { text: 'Was Ben noch weiß' }, code: 'access.denied', mine: true, receivedAt: null },
  ]);
  await sync(author, service);
  const [back] = (await refusals(author)).refusals;
  expect(back?.receivedAt).not.toBeNull();
});

it('reads at the lead in full, and at everybody else as a stub, in the history too', async () => {
  await push(author, service);
  for (const laptop of [lead, third]) await sync(laptop, service);
  expect((await refusals(lead)).refusals).toMatchObject([
    { fields: { text: 'Was Ben noch weiß' }, user: author.owner.userId, mine: false, read: false },
  ]);
  expect((await refusals(third)).refusals).toMatchObject([{ fields: null, code: 'access.denied' }]);
  const told = async ({ handlers }: Laptop) =>
    (await handlers['cases.history']({ caseId, offset: 0, limit: 1 })).entries;
  expect(await told(lead)).toMatchObject([{ withheld: false, fields: { text: 'Was Ben noch weiß' } }]);
  expect(await told(third)).toMatchObject([{ withheld: true, fields: {}, state: 'refused' }]);
});

it('counts until it is read, at the author and at the lead, and stays readable', async () => {
  await push(author, service);
  for (const laptop of [lead, third]) await sync(laptop, service);
  expect(await author.log.state()).toMatchObject({ refused: 1, refusedToRead: 0 });
  expect(await lead.log.state()).toMatchObject({ refused: 0, refusedToRead: 1 });
  expect(await third.log.state()).toMatchObject({ refused: 0, refusedToRead: 0 });
  for (const laptop of [author, lead]) {
    const places = (await refusals(laptop)).refusals.map(({ place }) => place);
    await laptop.vault.write((tx) => markRead(tx, places, 1));
    await laptop.vault.write((tx) => markRead(tx, places, 2));
    expect(await laptop.log.state()).toMatchObject({ refused: 0, refusedToRead: 0 });
    expect(await refusals(laptop)).toEqual({ refusals: [], read: 1 });
    expect((await refusals(laptop, true)).refusals).toMatchObject([{ read: true }]);
  }
  // It comes back with the log and is not new again.
  await sync(author, service);
  expect((await author.log.state()).refused).toBe(0);
});
