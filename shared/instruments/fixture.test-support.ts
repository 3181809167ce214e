/** The smallest instrument that uses everything, for tests. */
import type { ItemAnswer } from '../domain/kinds/assessment.ts';
import { parseInstrument } from './parse.ts';
import type { Instrument } from './schema.ts';

const text = (en: string) => ({ de: `${en} (de)`, en });

export function itemDocument(id: string, changes: object = {}): object {
  return {
    id,
    title: text(id),
    description: text('description'),
    guidance: {
      explanation: text('explanation'),
      indicators: [text('one'), text('two')],
      notCounted: [text('not this')],
      questions: [text('why'), text('when')],
    },
    answer: 'coding',
    speaksFor: 'concern',
    evidenceRequiredFor: ['possible', 'present'],
    ...changes,
  };
}

export function instrumentDocument(changes: object = {}): Record<string, unknown> {
  return {
    id: 'sample',
    version: '1.0',
    title: text('Sample'),
    summary: text('summary'),
    rates: 'person',
    decidesLevel: true,
    sources: [{ citation: 'Somebody (2020)' }],
    licence: text('ours'),
    codingGuide: {
      unknown: text('u'),
      'no-indication': text('n'),
      possible: text('p'),
      present: text('y'),
    },
    sections: [
      {
        id: 'first',
        title: text('First'),
        description: text('first'),
        items: [itemDocument('pathway'), itemDocument('access')],
      },
      {
        id: 'second',
        title: text('Second'),
        description: text('second'),
        items: [
          itemDocument('trust', { speaksFor: 'protection', evidenceRequiredFor: ['present'] }),
          itemDocument('worst-case', { answer: 'narrative', evidenceRequiredFor: [] }),
        ],
      },
    ],
    prompts: [
      {
        id: 'pathway-and-access',
        when: {
          all: [
            { item: 'pathway', coding: ['present'] },
            { item: 'access', coding: ['present'] },
          ],
        },
        text: text('justify a level below elevated'),
        justifyBelow: 'elevated',
        urgent: false,
      },
      {
        id: 'something-rises',
        when: {
          any: [
            { item: 'pathway', change: ['rising'] },
            { item: 'access', coding: ['possible'], change: ['new', 'rising'] },
          ],
        },
        text: text('look again'),
        urgent: true,
      },
      {
        id: 'trust-unknown',
        when: { item: 'trust', coding: ['unknown'] },
        text: text('ask who they trust'),
        urgent: false,
      },
    ],
    ...changes,
  };
}

export function sampleInstrument(): Instrument {
  const parsed = parseInstrument(instrumentDocument());
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.instrument;
}

export function answer(coding: ItemAnswer['coding'], changes: Partial<ItemAnswer> = {}): ItemAnswer {
  return { coding, change: null, confidence: null, lastObserved: null, note: '', ...changes };
}
