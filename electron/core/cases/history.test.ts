/** Histories over what waits and what is in the log, on every driver. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CaseId, newId, type RecordId } from '../../../shared/ids.ts';
import { type Laptop, openLaptop, sync, testClock, testService } from '../storage/testing.ts';
import { loadableDrivers, temporaryFolder } from '../vault/testing.ts';

const report = {
  channel: 'phone',
  receivedAt: '2026-11-23T08:00:00.000Z',
  anonymous: true,
  reporterName: null,
  reporterContact: null,
  who: 'Mitarbeiter der Spätschicht',
  whoIsAtRisk: null,
  what: 'Er sagte, er wisse, wo sie wohnt.',
  where: null,
  when: null,
  behaviours: [],
  emergency: false,
} as const;

describe.each(loadableDrivers())('with $name', (driver) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let laptop: Laptop;
  beforeEach(async () => {
    folder = temporaryFolder();
    laptop = await openLaptop({ folder: folder.path, name: 'Jana', driver, ids: testClock() });
  });
  afterEach(async () => {
    await laptop.vault.close();
    folder[Symbol.dispose]();
  });

  async function takeReport(): Promise<CaseId> {
    const { caseId } = await laptop.handlers['reports.take']({ ...report, behaviours: [] });
    return caseId;
  }

  async function write(caseId: CaseId, text: string, kind = 'note'): Promise<RecordId> {
    const record = newId<RecordId>(laptop.workspace.author.ids);
    const fields = { text: { value: text, saw: [] } };
    await laptop.handlers['cases.edit']({ caseId, edits: [{ record, kind, op: 'create', fields }] });
    return record;
  }

  async function rewrite(caseId: CaseId, record: RecordId, text: string): Promise<void> {
    const { records } = await laptop.handlers['cases.get']({ caseId });
    const saw = records.find(({ id }) => id === record)?.saw.text ?? [];
    const edit = {
      record,
      kind: 'observation',
      op: 'update' as const,
      fields: { text: { value: text, saw } },
    };
    await laptop.handlers['cases.edit']({ caseId, edits: [edit] });
  }

  it('cuts what waits and what was sent into pages without a gap or a double', async () => {
    const caseId = await takeReport();
    const record = await write(caseId, 'Rückruf 1', 'observation');
    for (let edit = 2; edit <= 5; edit++) await rewrite(caseId, record, `Rückruf ${edit}`);
    await sync(laptop, testService());
    for (let edit = 6; edit <= 8; edit++) await rewrite(caseId, record, `Rückruf ${edit}`);
    for (const only of [undefined, record]) {
      const whole = await laptop.handlers['cases.history']({ caseId, record: only, offset: 0, limit: 100 });
      expect(whole.entries).toHaveLength(whole.total);
      expect(whole.entries.map(({ state }) => state).lastIndexOf('unsent')).toBe(2);
      for (const limit of [1, 2, 3, 4, 7]) {
        const paged = [];
        for (let offset = 0; offset < whole.total; offset += limit) {
          const page = await laptop.handlers['cases.history']({ caseId, record: only, offset, limit });
          paged.push(...page.entries);
        }
        expect(paged).toEqual(whole.entries);
      }
    }
  });

  it('tells the latest edits over all cases, sent and unsent, on My day', async () => {
    const first = await takeReport();
    for (let edit = 1; edit <= 9; edit++) await write(first, `Erster Fall ${edit}`);
    const second = await takeReport();
    await sync(laptop, testService());
    for (let edit = 1; edit <= 4; edit++) await write(second, `Zweiter Fall ${edit}`);
    await write(first, 'Erster Fall 10');
    const { recent } = await laptop.handlers['day.get']({});
    const texts = recent.map(({ fields }) => fields.text).filter((text) => typeof text === 'string');
    expect(texts.slice(0, 6)).toEqual([
      'Erster Fall 10',
      ...[4, 3, 2, 1].map((edit) => `Zweiter Fall ${edit}`),
      // Taking a report writes more than one record; none of them has a text.
      'Erster Fall 9',
    ]);
    expect(recent).toHaveLength(12);
    expect(recent.map(({ at }) => at)).toEqual(
      recent
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    expect(new Set(recent.map(({ state }) => state))).toEqual(new Set(['unsent', 'sent']));
    expect(recent[0]).toMatchObject({ caseId: first, state: 'unsent', user: laptop.owner.userId });
  });
});
