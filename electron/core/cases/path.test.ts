/** The whole path of a case on one laptop, offline, on every driver. */
import { afterEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../../platform/crypto.ts';
import { procedures } from '../../../shared/contract/procedures.ts';
import type { RecordItem } from '../../../shared/contract/views.ts';
import { type CaseId, caseRecordId, newId, type RecordId } from '../../../shared/ids.ts';
import { itemsOf } from '../../../shared/instruments/schema.ts';
import type { Json } from '../../../shared/json.ts';
import { firstBrokenEntry } from '../audit/auditLog.ts';
import { type Laptop, openLaptop, testClock } from '../storage/testing.ts';
import { loadableDrivers, temporaryFolder } from '../vault/testing.ts';

const report = {
  channel: 'phone',
  receivedAt: '2026-11-23T08:00:00.000Z',
  anonymous: false,
  reporterName: 'Frau Öztürk',
  reporterContact: '4711',
  who: 'Mitarbeiter der Spätschicht',
  whoIsAtRisk: 'Teamleitung',
  what: 'Er sagte, er wisse, wo sie wohnt. „Das war das letzte Mal."',
  where: 'Werk 3, Halle B',
  when: 'heute früh',
  behaviours: ['leakage', 'fixation'],
  emergency: false,
} as const;

const open: Laptop[] = [];
afterEach(async () => {
  for (const laptop of open.splice(0)) await laptop.vault.close();
});

async function laptopIn(folder: string, options: Partial<Parameters<typeof openLaptop>[0]> = {}) {
  const laptop = await openLaptop({ folder, name: 'Jana', ...options });
  open.push(laptop);
  return laptop;
}

async function create(
  { handlers, workspace }: Laptop,
  caseId: CaseId,
  kind: string,
  values: Readonly<Record<string, Json>>,
): Promise<RecordItem> {
  const record = newId<RecordId>(workspace.author.ids);
  const fields = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, saw: [] }]),
  );
  const { records } = await handlers['cases.edit']({
    caseId,
    edits: [{ record, kind, op: 'create', fields }],
  });
  const [made] = records;
  if (made === undefined) throw new Error('nothing was made');
  return made;
}

async function openedCase(laptop: Laptop): Promise<CaseId> {
  const { caseId } = await laptop.handlers['reports.take']({ ...report, behaviours: [...report.behaviours] });
  await laptop.handlers['reports.triage']({
    caseId,
    outcome: 'open',
    reason: 'Konkrete Äußerung gegen eine Person',
    title: 'Drohung gegen Teamleitung',
    site: 'Werk 3',
    lead: laptop.owner.userId,
    team: [{ user: laptop.owner.userId, role: 'specialist' }],
  });
  return caseId;
}

async function codeAll(laptop: Laptop, caseId: CaseId, assessmentId: RecordId): Promise<void> {
  const instrument = laptop.workspace.instruments.latest('warning-behaviours');
  if (instrument === undefined) throw new Error('no instrument');
  const fields = Object.fromEntries(
    itemsOf(instrument).map(({ id }) => {
      const value = {
        coding: 'no-indication',
        change: 'new',
        confidence: 'high',
        lastObserved: null,
        note: '',
      };
      return [`item.${id}`, { value, saw: [] }];
    }),
  );
  await laptop.handlers['cases.edit']({
    caseId,
    edits: [{ record: assessmentId, kind: 'assessment', op: 'update', fields }],
  });
}

describe.each(loadableDrivers())('with $name, offline, a case', (driver) => {
  it('goes from a phone report to a signed assessment and a measure, and is all there after a lock', async () => {
    using folder = temporaryFolder();
    const ids = testClock();
    const first = await laptopIn(folder.path, { driver, ids });
    const { handlers } = first;

    const { caseId } = await handlers['reports.take']({ ...report, behaviours: [...report.behaviours] });
    const reports = await handlers['cases.list'](procedures['cases.list'].input.parse({ list: 'reports' }));
    expect(reports.lines.map(({ title, status, number }) => ({ title, status, number }))).toEqual([
      { title: report.who, status: 'received', number: null },
    ]);
    expect((await handlers['day.get']({})).tasks[0]).toMatchObject({
      type: 'triage',
      caseId,
      dueAt: '2026-11-24T08:00:00.000Z',
    });

    const line = await handlers['reports.triage']({
      caseId,
      outcome: 'open',
      reason: 'Konkrete Äußerung gegen eine Person',
      title: 'Drohung gegen Teamleitung',
      site: 'Werk 3',
      lead: first.owner.userId,
      team: [{ user: first.owner.userId, role: 'specialist' }],
    });
    expect(line).toMatchObject({ status: 'gathering', title: 'Drohung gegen Teamleitung', unsent: 5 });

    const person = await create(first, caseId, 'person', { name: 'Max Weiß', role: 'of-concern' });
    const seen = await create(first, caseId, 'observation', {
      nature: 'fact',
      text: 'Nachricht an die Kollegin: „Du wirst schon sehen"',
      behaviours: { add: ['leakage'], remove: [] },
      about: { add: [person.id], remove: [] },
    });
    const { assessmentId } = await handlers['assessments.start']({
      caseId,
      instrument: 'warning-behaviours',
    });
    await codeAll(first, caseId, assessmentId);
    const leakage = {
      'item.leakage': {
        value: { coding: 'present', change: 'new', confidence: 'high', lastObserved: '2026-11-23', note: '' },
        saw: await sawOf(first, caseId, assessmentId, 'item.leakage'),
      },
      'evidence.leakage': { value: { add: [seen.id], remove: [] }, saw: [] },
    };
    await handlers['cases.edit']({
      caseId,
      edits: [{ record: assessmentId, kind: 'assessment', op: 'update', fields: leakage }],
    });
    const signed = await handlers['assessments.sign']({
      caseId,
      assessmentId,
      level: 'elevated',
      rationale: 'Äußerung gegen eine bestimmte Person, Zugang zum Werk besteht.',
      imminent: false,
    });
    expect(signed.line).toMatchObject({ level: 'elevated', status: 'assessed', reassessBy: '2026-11-30' });
    await create(first, caseId, 'measure', {
      code: 'badge-access-change',
      title: 'Zutrittskarte sperren',
      driver: 'leakage',
      owner: first.owner.userId,
      due: '2026-11-23',
      status: 'planned',
    });
    const before = await handlers['cases.get']({ caseId });
    await first.vault.close();

    const again = await laptopIn(folder.path, { driver, ids, owner: first.owner });
    const after = await again.handlers['cases.get']({ caseId });
    expect(after).toEqual(before);
    expect(procedures['cases.get'].output.parse(after)).toEqual(after);
    expect(after.records.map(({ kind }) => kind).sort()).toEqual(
      ['assessment', 'case', 'measure', 'member', 'observation', 'person', 'report'].sort(),
    );
    const day = procedures['day.get'].output.parse(await again.handlers['day.get']({}));
    expect(day.tasks.map(({ type }) => type)).toEqual(['measure', 'reassess']);
    expect(day.counts).toMatchObject({ reports: 0, cases: 1, conflicts: 0, open: 1 });
    expect(day.recent[0]).toMatchObject({ kind: 'measure', op: 'create', state: 'unsent' });
    expect(await firstBrokenEntry(again.vault.db, nodeCrypto)).toBeUndefined();
  });
});

async function sawOf({ handlers }: Laptop, caseId: CaseId, record: RecordId, field: string) {
  const { records } = await handlers['cases.get']({ caseId });
  return records.find(({ id }) => id === record)?.saw[field] ?? [];
}

describe('a case', () => {
  it('refuses fields that do not exist, values that do not fit, and records that are not there', async () => {
    using folder = temporaryFolder();
    const laptop = await laptopIn(folder.path);
    const caseId = await openedCase(laptop);
    const edit = (fields: object, more: object = {}) =>
      laptop.handlers['cases.edit']({
        caseId,
        edits: [
          {
            record: caseRecordId(caseId),
            kind: 'case',
            op: 'update',
            fields: fields as never,
            ...more,
          },
        ],
      });
    const before = await laptop.handlers['cases.get']({ caseId });
    await expect(edit({ colour: { value: 'red', saw: [] } })).rejects.toMatchObject({
      code: 'record.field-unknown',
      params: { field: 'colour' },
    });
    await expect(edit({ title: { value: 5, saw: [] } })).rejects.toMatchObject({
      code: 'record.field-invalid',
    });
    await expect(edit({ __proto__: { value: 1, saw: [] } })).rejects.toMatchObject({ code: 'input.invalid' });
    const record = newId<RecordId>(testClock());
    await expect(edit({ name: { value: 'x', saw: [] } }, { record, kind: 'person' })).rejects.toMatchObject({
      code: 'record.not-found',
    });
    await expect(edit({}, { op: 'remove' })).rejects.toMatchObject({ code: 'input.invalid' });
    expect(await laptop.handlers['cases.get']({ caseId })).toEqual(before);
  });

  it('moves only along the workflow, and its level never without a rationale', async () => {
    using folder = temporaryFolder();
    const laptop = await laptopIn(folder.path);
    const caseId = await openedCase(laptop);
    const edit = (fields: object) =>
      laptop.handlers['cases.edit']({
        caseId,
        edits: [{ record: caseRecordId(caseId), kind: 'case', op: 'update', fields: fields as never }],
      });
    await expect(edit({ status: { value: 'closed', saw: [] } })).rejects.toMatchObject({
      code: 'case.transition-refused',
      params: { from: 'gathering', to: 'closed' },
    });
    await expect(edit({ level: { value: 'low', saw: [] } })).rejects.toMatchObject({
      code: 'assessment.rationale-missing',
    });
    await expect(
      laptop.handlers['reports.triage']({ caseId, outcome: 'reject', reason: 'doch nicht' }),
    ).rejects.toMatchObject({ code: 'case.transition-refused' });
    await expect(
      laptop.handlers['reports.triage']({ caseId, outcome: 'reject', reason: ' ' }),
    ).rejects.toMatchObject({ code: 'triage.reason-missing' });
  });

  it('keeps a signed assessment as it was signed', async () => {
    using folder = temporaryFolder();
    const laptop = await laptopIn(folder.path);
    const caseId = await openedCase(laptop);
    const { assessmentId } = await laptop.handlers['assessments.start']({
      caseId,
      instrument: 'warning-behaviours',
    });
    const sign = (rationale: string) =>
      laptop.handlers['assessments.sign']({ caseId, assessmentId, level: 'low', rationale, imminent: false });
    await expect(sign('Nichts gefunden.')).rejects.toMatchObject({ code: 'assessment.incomplete' });
    await codeAll(laptop, caseId, assessmentId);
    await expect(sign('  ')).rejects.toMatchObject({ code: 'assessment.rationale-missing' });
    const touch = (op: 'update' | 'remove', fields: object) =>
      laptop.handlers['cases.edit']({
        caseId,
        edits: [{ record: assessmentId, kind: 'assessment', op, fields: fields as never }],
      });
    const signature = { by: laptop.owner.userId, at: '2026-11-23T08:00:00.000Z' };
    await expect(touch('update', { signature: { value: signature, saw: [] } })).rejects.toMatchObject({
      code: 'record.field-invalid',
    });
    await sign('Gezielt gesucht, nichts gefunden.');
    const edits = { rationale: { value: 'anders', saw: [] } };
    await expect(touch('update', edits)).rejects.toMatchObject({ code: 'assessment.signed' });
    await expect(touch('remove', {})).rejects.toMatchObject({ code: 'assessment.signed' });
    await expect(sign('noch einmal')).rejects.toMatchObject({ code: 'assessment.signed' });
  });

  it('begins a reassessment with the last signed answers, and asks again how each has changed', async () => {
    using folder = temporaryFolder();
    const laptop = await laptopIn(folder.path);
    const caseId = await openedCase(laptop);
    const start = () => laptop.handlers['assessments.start']({ caseId, instrument: 'warning-behaviours' });
    const first = await start();
    await codeAll(laptop, caseId, first.assessmentId);
    const level = { level: 'moderate', rationale: 'Begründet.', imminent: false } as const;
    await laptop.handlers['assessments.sign']({ caseId, assessmentId: first.assessmentId, ...level });
    const second = await start();
    const { records } = await laptop.handlers['cases.get']({ caseId });
    const values = records.find(({ id }) => id === second.assessmentId)?.values;
    expect(values).toMatchObject({
      previous: first.assessmentId,
      'item.pathway': { coding: 'no-indication', change: null },
    });
    expect(values?.signature).toBeUndefined();
    expect((await laptop.handlers['day.get']({})).tasks.map(({ type }) => type)).toContain('unsigned');
    await expect(laptop.handlers['assessments.start']({ caseId, instrument: 'tarot' })).rejects.toMatchObject(
      { code: 'assessment.instrument-unknown' },
    );
  });

  it('tells its history, newest first, for all of it or one record', async () => {
    using folder = temporaryFolder();
    const laptop = await laptopIn(folder.path);
    const caseId = await openedCase(laptop);
    const person = await create(laptop, caseId, 'person', { name: 'Max Weiß' });
    await laptop.handlers['cases.edit']({
      caseId,
      edits: [{ record: person.id, kind: 'person', op: 'remove', fields: {} }],
    });
    const all = await laptop.handlers['cases.history']({ caseId, offset: 0, limit: 100 });
    expect(all.total).toBe(7);
    expect(all.entries.map(({ kind, op }) => `${op} ${kind}`)).toEqual([
      'remove person',
      'create person',
      'create member',
      'update case',
      // What is sealed of the report is a change of its own.
      'update report',
      'create report',
      'create case',
    ]);
    const one = await laptop.handlers['cases.history']({ caseId, record: person.id, offset: 1, limit: 1 });
    expect(one).toMatchObject({
      total: 2,
      entries: [{ op: 'create', fields: { name: 'Max Weiß' }, user: laptop.owner.userId, state: 'unsent' }],
    });
    expect(procedures['cases.history'].output.parse(all)).toEqual(all);
    const { records } = await laptop.handlers['cases.get']({ caseId });
    expect(records.some(({ id }) => id === person.id)).toBe(false);
  });
});
