/** Looking through the newest texts first finds what gathering all of them finds, in the same order. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaultTables } from '../storage/tables.ts';
import { openTestVault } from '../storage/testing.ts';
import type { VaultSession } from '../vault/session.ts';
import { temporaryFolder } from '../vault/testing.ts';
import { otherForms } from './fold.ts';
import { matching } from './matching.ts';
import { type Stage, searchTerms, stagesOf } from './query.ts';

const folder = temporaryFolder();
let vault: VaultSession<VaultTables>;

const words = [
  'Dienstplan',
  'Dienst',
  'dienstlich',
  'Diebstahl',
  'Pförtner',
  'Pfoertnerin',
  'Pforte',
  'Straße',
  'Strasse',
  'Straßenbahn',
  'Maßnahme',
  'café',
  'Cafe\u0301haus',
  'Ärger',
  'Argument',
  '2026-0147',
  'A1',
  'ist',
];
const rare = 'Dienstwaffe';
const texts = 1_500;

/** Repeats itself in no short pattern, and is the same in every run. */
function wordAt(text: number, place: number): string {
  return words[(text * 7_919 + place * 104_729 + ((text * text) % 31)) % words.length] ?? '';
}

beforeAll(async () => {
  vault = await openTestVault(folder.path);
  await vault.write(async (tx) => {
    for (let text = 1; text <= texts; text++) {
      const body = [0, 1, 2].map((place) => wordAt(text, place)).join(text % 2 === 0 ? ' ' : ', ');
      // One of the oldest: not among the newest that are looked through.
      const all = text === 5 ? `${body} ${rare}` : body;
      await sql`INSERT INTO search (rowid, title, body, forms)
        VALUES (${text}, ${text % 3 === 0 ? wordAt(text, 4) : ''}, ${all}, ${otherForms(all)})`.execute(tx);
    }
  });
});
afterAll(async () => {
  await vault.close();
  folder[Symbol.dispose]();
});

const gathered = (stage: Stage, limit: number) => matching(vault.db, { ...stage, wider: undefined }, limit);

describe('the newest matches', () => {
  it.each([
    'dienstpl',
    'dienst',
    'pförtn',
    'pfoert',
    'pfört dienstpl',
    'straß',
    'strass dien',
    'massn straßenb',
    'cafe',
    'café dien',
    'ärge',
    'aerg',
    '2026 01',
    'a1 dienst',
    'dienstwaff',
    'dienstwaffe dien',
    'gibtesnicht',
    'ist pfor',
  ])('are the same for %s', async (typed) => {
    for (const stage of stagesOf(searchTerms(typed))) {
      for (const limit of [1, 20, 400]) {
        expect(await matching(vault.db, stage, limit)).toEqual(await gathered(stage, limit));
      }
    }
  });

  it('are looked for in that way where a word is only begun', () => {
    const wider = (typed: string) =>
      stagesOf(searchTerms(typed)).flatMap((stage) => stage.wider?.match ?? []);
    expect(wider('dienstpl')).toEqual(['("di"*)']);
    expect(wider('ab')).toEqual([]);
    expect(wider('pförtn dienstpl')).toEqual(['("pförtn" OR "pfoertn") AND ("di"*)', '("pf"*) AND ("di"*)']);
  });
});
