/** What is in a case is found by the words in it, however they are spelled and whatever else is typed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { procedures } from '../../../shared/contract/procedures.ts';
import { type CaseId, caseRecordId, newId, type RecordId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { type Laptop, openLaptop } from '../storage/testing.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { searchTerms } from './query.ts';
import { snippetOf } from './snippet.ts';

const folder = temporaryFolder();
let laptop: Laptop;
let caseId: CaseId;
beforeAll(async () => {
  laptop = await openLaptop({ folder: folder.path, name: 'Jana' });
  ({ caseId } = await laptop.handlers['reports.take']({
    channel: 'phone',
    receivedAt: '2026-11-23T08:00:00.000Z',
    anonymous: true,
    reporterName: null,
    reporterContact: null,
    who: 'Jörg Weißenfels',
    whoIsAtRisk: 'Renée',
    what: 'Er kündigte Maßnahmen gegen die Straße an.',
    where: null,
    when: null,
    behaviours: [],
    emergency: false,
  }));
});
afterAll(async () => {
  await laptop.vault.close();
  folder[Symbol.dispose]();
});

const find = async (text: string) => {
  const answer = await laptop.handlers['search.query']({ text, limit: 20 });
  return procedures['search.query'].output.parse(answer).hits;
};

async function make(kind: string, values: Readonly<Record<string, Json>>): Promise<RecordId> {
  const record = newId<RecordId>(laptop.workspace.author.ids);
  const fields = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, saw: [] }]),
  );
  await laptop.handlers['cases.edit']({ caseId, edits: [{ record, kind, op: 'create', fields }] });
  return record;
}

describe('search', () => {
  it.each([
    'Maßnahmen',
    'massnahmen',
    'MASSNAHME',
    'maßn',
    'Joerg',
    'jorg',
    'Jörg Weissenfels',
    'Strasse',
    'renee',
    'kuendigte',
    'straße maßn jör',
  ])('finds the report by %s', async (text) => {
    expect((await find(text)).map(({ kind }) => kind)).toContain('report');
  });

  it('finds a text written with ss by a word written with ß', async () => {
    const note = await make('note', { text: 'Die Hauptstrasse wurde gesperrt.' });
    expect((await find('Hauptstraße')).map(({ recordId }) => recordId)).toEqual([note]);
  });

  it('shows the passage with the match marked, titles before texts', async () => {
    const person = await make('person', { name: 'Erika Musterfrau', note: 'wohnt allein' });
    await make('observation', { text: 'Traf Erika am Tor.' });
    const hits = await find('erik');
    expect(hits.map(({ kind }) => kind)).toEqual(['person', 'observation']);
    expect(hits[0]).toMatchObject({ recordId: person, snippet: '\u0001Erika\u0002 Musterfrau' });
    expect(hits[1]?.snippet).toBe('Traf \u0001Erika\u0002 am Tor.');
  });

  it('puts a text with the word itself before newer ones with words that begin like it', async () => {
    const whole = await make('note', { text: 'Die Pforte war offen.' });
    const longer = await make('note', { text: 'Der Pfortendienst sah niemanden.' });
    expect((await find('pforte')).map(({ recordId }) => recordId).slice(0, 2)).toEqual([whole, longer]);
    expect((await find('offen pfort')).map(({ recordId }) => recordId)).toEqual([whole]);
    expect((await find('offe pforte')).map(({ recordId }) => recordId)).toEqual([whole]);
  });

  it('finds a title by another spelling before texts', async () => {
    const text = await make('note', { text: 'Das Süßholz wurde bewegt.' });
    const titled = await make('measure', { code: 'custom', title: 'Süßholz sichern' });
    await make('note', { text: 'Noch einmal: Suessholz.' });
    const found = (await find('suessholz')).map(({ recordId }) => recordId);
    expect(found[0]).toBe(titled);
    expect(found).toContain(text);
  });

  it('takes one letter for a word, not for the beginning of every text', async () => {
    const plan = await make('note', { text: 'Plan Q gilt.' });
    await make('note', { text: 'Quittung liegt vor.' });
    expect((await find('q')).map(({ recordId }) => recordId)).toEqual([plan]);
  });

  it('follows an edit and forgets what was removed', async () => {
    const record = await make('note', { text: 'Zitronenfalter' });
    expect(await find('zitronenfalter')).toHaveLength(1);
    const measure = await make('measure', { code: 'custom', title: 'Alarmknopf' });
    const { records } = await laptop.handlers['cases.get']({ caseId });
    const saw = records.find(({ id }) => id === measure)?.saw.title ?? [];
    const fields = { title: { value: 'Notrufknopf', saw: [...saw] } };
    await laptop.handlers['cases.edit']({
      caseId,
      edits: [{ record: measure, kind: 'measure', op: 'update', fields }],
    });
    expect(await find('alarmknopf')).toEqual([]);
    expect(await find('notrufknopf')).toHaveLength(1);
    await laptop.handlers['cases.edit']({
      caseId,
      edits: [{ record: measure, kind: 'measure', op: 'remove', fields: {} }],
    });
    expect(await find('notrufknopf')).toEqual([]);
    expect(record).not.toBe(measure);
  });

  it.each([
    '"*)(NEAR',
    '"',
    "' OR 1=1 --",
    'title : x',
    'a NEAR(b, 2) AND NOT "c',
    'AND',
    'OR OR',
    '^maß* + -',
    '(((',
    '***',
    '{title}: jörg',
    '\u0000\u0001\u0002',
    '💥'.repeat(50),
    '',
    '   ',
    'ẞ',
    'a'.repeat(200),
    'x '.repeat(100),
  ])('takes %j for words and never for a command', async (text) => {
    await expect(find(text)).resolves.toBeInstanceOf(Array);
  });

  it('does not let words of the query language change what is found', async () => {
    expect(await find('Jörg NOT Weißenfels')).toEqual([]);
    expect((await find('jörg -weißenfels')).map(({ kind }) => kind)).toContain('report');
  });

  it('finds a case by its title as soon as it has one', async () => {
    await laptop.handlers['cases.edit']({
      caseId,
      edits: [
        {
          record: caseRecordId(caseId),
          kind: 'case',
          op: 'update',
          fields: { title: { value: 'Drohung im Lager', saw: [] } },
        },
      ],
    });
    expect((await find('Lager'))[0]).toMatchObject({ kind: 'case', caseTitle: 'Drohung im Lager' });
  });
});

describe('a passage', () => {
  const cut = (text: string, query: string) => snippetOf(text, searchTerms(query));

  it('begins near the match and says where it was cut', () => {
    const text = `${'vorher '.repeat(60)}Treffer ${'nachher '.repeat(60)}`;
    const passage = cut(text, 'treffer');
    expect(passage.startsWith('…vorher')).toBe(true);
    expect(passage.endsWith('…')).toBe(true);
    expect(passage).toContain('\u0001Treffer\u0002');
    expect(passage.length).toBeLessThan(200);
  });

  it('cannot be forged by marks in the text itself', () => {
    expect(cut('vor \u0001gefälscht\u0002 nach', 'nach')).toBe('vor gefälscht \u0001nach\u0002');
  });

  it('marks a word found by another spelling', () => {
    expect(cut('Die Maßnahme in der Müllerstraße', 'massnahme muellerstrasse')).toBe(
      'Die \u0001Maßnahme\u0002 in der \u0001Müllerstraße\u0002',
    );
  });
});
