import { describe, expect, it } from 'vitest';
import { warningBehaviours } from '../../shared/domain/behaviours.ts';
import { codingChanges, codings, confidences } from '../../shared/domain/kinds/assessment.ts';
import { measureEffects, measureStatuses } from '../../shared/domain/kinds/measure.ts';
import { observationNatures, reliabilities } from '../../shared/domain/kinds/observation.ts';
import { personRoles } from '../../shared/domain/kinds/person.ts';
import { reportChannels } from '../../shared/domain/kinds/report.ts';
import { concernLevels } from '../../shared/domain/levels.ts';
import { caseRoles, orgRoles } from '../../shared/domain/people.ts';
import { caseStatuses, triageOutcomes } from '../../shared/domain/workflow.ts';
import { errorCatalogue, errorCodes } from '../../shared/errors.ts';
import { catalogue as de } from './catalogue.de.ts';
import { catalogue as en } from './catalogue.en.ts';

/** Every text of a catalogue by its full key. */
function texts(node: unknown, path = ''): Map<string, string> {
  if (typeof node === 'string') return new Map([[path, node]]);
  if (typeof node !== 'object' || node === null) throw new Error(`${path} is neither a text nor a group`);
  return new Map(
    Object.entries(node).flatMap(([key, child]) => [...texts(child, path === '' ? key : `${path}.${key}`)]),
  );
}

const placeholders = (text: string): string[] =>
  [...text.matchAll(/{{-?\s*(\w+)/g)].map(([, name = '']) => name).sort();

const german = texts(de);
const english = texts(en);

describe('the message catalogues', () => {
  it('have the same keys in German and English', () => {
    expect([...english.keys()].sort()).toEqual([...german.keys()].sort());
  });

  it('have the same placeholders in German and English', () => {
    const different = [...german].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(english.get(key) ?? '').join(),
    );
    expect(different.map(([key]) => key)).toEqual([]);
  });

  it('have no empty text and no stray space', () => {
    const bad = [...german, ...english].filter(([, text]) => text.trim() === '' || text !== text.trim());
    expect(bad.map(([key]) => key)).toEqual([]);
  });

  it('are typographically right: no straight quotes, no three dots', () => {
    const bad = [...german, ...english].filter(([, text]) => /"|\.\.\.|(?<=\w)'(?=\w)/.test(text));
    expect(bad.map(([key]) => key)).toEqual([]);
  });

  it('come in both forms wherever a count decides', () => {
    const missing = [...german.keys()]
      .filter((key) => key.endsWith('_one'))
      .filter((key) => !german.has(key.replace(/_one$/, '_other')));
    expect(missing).toEqual([]);
  });
});

describe.each([
  ['German', german],
  ['English', english],
] as const)('the %s errors', (_, catalogue) => {
  it('say of every code what happened, and what was kept and is to be done', () => {
    const missing = errorCodes.filter(
      (code) => !catalogue.has(`errors.${code}.title`) || !catalogue.has(`errors.${code}.text`),
    );
    expect(missing).toEqual([]);
  });

  it('name no code that the program does not have', () => {
    const unknown = [...catalogue.keys()]
      .filter((key) => key.startsWith('errors.'))
      .map((key) => key.replace(/^errors\./, '').replace(/\.(title|text)$/, ''))
      .filter((code) => !(code in errorCatalogue));
    expect(unknown).toEqual([]);
  });
});

const vocabulary = {
  'common.level': concernLevels,
  'common.levelLong': concernLevels,
  'common.term.nature': observationNatures,
  'common.term.reliability': reliabilities,
  'common.term.coding': codings,
  'common.term.codingChange': codingChanges,
  'common.term.confidence': confidences,
  'common.term.behaviour': warningBehaviours,
  'common.term.caseStatus': caseStatuses,
  'common.term.triageOutcome': triageOutcomes,
  'common.term.personRole': personRoles,
  'common.term.orgRole': orgRoles,
  'common.term.caseRole': caseRoles,
  'common.term.channel': reportChannels,
  'common.term.measureStatus': measureStatuses,
  'common.term.measureEffect': measureEffects,
} as const;

describe('the words of the field', () => {
  it.each(Object.entries(vocabulary))('has %s in both languages', (group, values) => {
    const missing = values.flatMap((value) =>
      [german, english].filter((texts) => !texts.has(`${group}.${value}`)).map(() => value),
    );
    expect(missing).toEqual([]);
  });
});
