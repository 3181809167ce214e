import { describe, expect, it } from 'vitest';
import { instrumentDocument, itemDocument } from './fixture.test-support.ts';
import { parseInstrument } from './parse.ts';

const text = { de: 'Wort', en: 'word' };
const problemsIn = (document: unknown) => {
  const parsed = parseInstrument(document);
  return parsed.ok ? [] : parsed.problems;
};

/** The sample with one value, named by its path, replaced. */
function broken(path: readonly (string | number)[], value: unknown): unknown {
  const document = structuredClone(instrumentDocument());
  const last = path.at(-1) ?? '';
  const owner = path.slice(0, -1).reduce<unknown>((at, step) => Reflect.get(Object(at), step), document);
  if (value === undefined) Reflect.deleteProperty(Object(owner), last);
  else Reflect.set(Object(owner), last, value);
  return document;
}

const firstItem = ['sections', 0, 'items', 0] as const;

describe('an instrument document', () => {
  it('is read when it is complete', () => {
    expect(problemsIn(instrumentDocument())).toEqual([]);
  });

  it('is refused without a language, and the path says which text lacks it', () => {
    expect(problemsIn(broken([...firstItem, 'title', 'en'], undefined))).toEqual([
      { path: 'sections[0].items[0].title.en', message: 'missing' },
    ]);
    expect(problemsIn(broken([...firstItem, 'guidance', 'questions', 1, 'de'], '  '))).toEqual([
      { path: 'sections[0].items[0].guidance.questions[1].de', message: expect.any(String) },
    ]);
  });

  it('cannot carry points, weights or thresholds: nothing is ever summed', () => {
    expect(problemsIn(broken([...firstItem, 'weight'], 3))).toEqual([
      { path: 'sections[0].items[0].weight', message: 'unknown entry' },
    ]);
    expect(problemsIn({ ...instrumentDocument(), cutoff: 12 })).toEqual([
      { path: 'cutoff', message: 'unknown entry' },
    ]);
  });

  it('is refused when two items, sections or prompts share an id', () => {
    expect(problemsIn(broken(['sections', 1, 'items', 0], itemDocument('pathway')))).toContainEqual({
      path: 'sections[1].items[0].id',
      message: '"pathway" is already used at sections[0].items[0].id',
    });
    expect(problemsIn(broken(['sections', 1, 'id'], 'first'))).toHaveLength(1);
    expect(problemsIn(broken(['prompts', 1, 'id'], 'pathway-and-access'))).toHaveLength(1);
  });

  it('is refused when a prompt names an item that is not there', () => {
    expect(problemsIn(broken(['prompts', 0, 'when', 'all', 1, 'item'], 'weapons'))).toEqual([
      { path: 'prompts[0].when.all[1].item', message: 'there is no item "weapons"' },
    ]);
  });

  it('is refused when a prompt depends on an item that is answered in words', () => {
    expect(problemsIn(broken(['prompts', 2, 'when', 'item'], 'worst-case'))).toEqual([
      { path: 'prompts[2].when.item', message: '"worst-case" is answered in words, not coded' },
    ]);
  });

  it('is refused when a condition would hold for every answer', () => {
    expect(problemsIn(broken(['prompts', 2, 'when'], { item: 'trust' }))).toEqual([
      { path: 'prompts[2].when', message: 'names neither a coding nor a change' },
    ]);
  });

  it('may not ask for a level where it does not decide one', () => {
    expect(problemsIn({ ...instrumentDocument(), decidesLevel: false })).toEqual([
      { path: 'prompts[0].justifyBelow', message: 'this instrument does not decide a level' },
    ]);
  });

  it('is refused with an id that could not name a field of a record', () => {
    expect(problemsIn(broken([...firstItem, 'id'], 'Path Way'))[0]?.path).toBe('sections[0].items[0].id');
    expect(problemsIn(broken([...firstItem, 'id'], 'a'.repeat(65)))[0]?.path).toBe('sections[0].items[0].id');
  });

  it('is refused whole, with every problem at once', () => {
    const document = broken([...firstItem, 'title'], { de: 'nur deutsch' });
    Reflect.set(Object(document), 'sources', []);
    expect(problemsIn(document).map(({ path }) => path)).toEqual([
      'sources',
      'sections[0].items[0].title.en',
    ]);
  });

  it.each([null, 1, 'text', {}, { id: 'x', title: text }])('is refused when it is %j', (document) => {
    expect(problemsIn(document).length).toBeGreaterThan(0);
  });
});
