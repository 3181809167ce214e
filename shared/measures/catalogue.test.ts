import { describe, expect, it } from 'vitest';
import { loadMeasures } from './catalogue.ts';

const text = { de: 'Wort', en: 'word' };
const measure = (changes: object = {}) => ({
  code: 'mediation',
  group: 'hr',
  owner: 'lead',
  title: text,
  description: text,
  caution: text,
  neverWhere: ['stalking'],
  mayStartBeforeApproval: false,
  drivers: ['leakage', 'workplace-judgement/grievance'],
  ...changes,
});
const catalogue = (measures: readonly object[]) => ({
  version: '1.0',
  groups: [{ id: 'hr', title: text }],
  roles: [{ id: 'lead', title: text }],
  exclusions: [{ id: 'stalking', title: text }],
  measures,
});
const problemsIn = (document: unknown) => {
  const loaded = loadMeasures(document);
  return loaded.ok ? [] : loaded.problems;
};

describe('the catalogue of measures', () => {
  it('finds a measure by its code and by what it targets', () => {
    const loaded = loadMeasures(catalogue([measure(), measure({ code: 'escort', drivers: ['pathway'] })]));
    if (!loaded.ok) expect.fail(JSON.stringify(loaded.problems));
    expect(loaded.catalogue.find('escort')?.code).toBe('escort');
    expect(loaded.catalogue.find('unheard-of')).toBeUndefined();
    expect(loaded.catalogue.forDriver('leakage').map(({ code }) => code)).toEqual(['mediation']);
  });

  it('refuses a code that is used twice, since records refer to codes for years', () => {
    expect(problemsIn(catalogue([measure(), measure()]))).toEqual([
      { path: 'measures[1].code', message: '"mediation" is already used at measures[0].code' },
    ]);
  });

  it('refuses groups, owners and exclusions that are not declared', () => {
    const document = catalogue([measure({ group: 'x', owner: 'y', neverWhere: ['stalking', 'z'] })]);
    expect(problemsIn(document).map(({ path }) => path)).toEqual([
      'measures[0].group',
      'measures[0].owner',
      'measures[0].neverWhere[1]',
    ]);
  });

  it('refuses a measure that lacks a language or a driver, and names where', () => {
    expect(
      problemsIn(catalogue([measure({ title: { de: 'nur deutsch' }, drivers: [] })])).map(({ path }) => path),
    ).toEqual(['measures[0].title.en', 'measures[0].drivers']);
  });
});
