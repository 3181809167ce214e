import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { warningBehaviours } from '../shared/domain/behaviours.ts';
import { fieldNamePattern } from '../shared/domain/fields.ts';
import { loadInstruments } from '../shared/instruments/catalogue.ts';
import { itemsOf } from '../shared/instruments/schema.ts';
import { loadMeasures } from '../shared/measures/catalogue.ts';
import { itemOfDriver } from '../shared/measures/drivers.ts';
import { canonical } from '../shared/sync/canonical.ts';
import { instrumentDocuments } from './instruments/index.ts';
import { measuresDocument } from './measures/index.ts';

function shipped() {
  const instruments = loadInstruments(instrumentDocuments);
  const measures = loadMeasures(measuresDocument);
  if (!instruments.ok) throw new Error(JSON.stringify(instruments.problems, null, 2));
  if (!measures.ok) throw new Error(JSON.stringify(measures.problems, null, 2));
  return { instruments: instruments.catalogue, measures: measures.catalogue };
}
const { instruments, measures } = shipped();

/** Every {de, en} text in a document. */
function textsIn(value: unknown): readonly { readonly de: string; readonly en: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { de, en } = value as { de?: unknown; en?: unknown };
  if (typeof de === 'string' && typeof en === 'string') return [{ de, en }];
  return Object.values(value).flatMap(textsIn);
}

describe('the shipped instruments', () => {
  it('are the five of the product, all valid, in German and English', () => {
    expect(instruments.current.map(({ id }) => id)).toEqual([
      'warning-behaviours',
      'key-questions',
      'workplace-judgement',
      'threatening-communication',
      'self-harm-concern',
    ]);
  });

  it('code the warning behaviours with the words that observations and reports use, in their order', () => {
    const instrument = instruments.latest('warning-behaviours');
    expect(instrument && itemsOf(instrument).map(({ id }) => id)).toEqual([...warningBehaviours]);
  });

  it('ask all eleven key questions', () => {
    const instrument = instruments.latest('key-questions');
    expect(instrument && itemsOf(instrument)).toHaveLength(11);
  });

  it('demand an observation wherever an indication of concern is coded, except where help must not wait', () => {
    for (const instrument of instruments.current.filter(({ decidesLevel }) => decidesLevel)) {
      for (const item of itemsOf(instrument).filter(({ speaksFor }) => speaksFor === 'concern')) {
        expect(item.evidenceRequiredFor, item.id).toContain('present');
      }
    }
    const selfHarm = instruments.latest('self-harm-concern');
    expect(selfHarm && itemsOf(selfHarm).every((item) => item.evidenceRequiredFor.length === 0)).toBe(true);
  });

  it('send a self-harm concern to help at once, on a single sign', () => {
    const prompt = instruments.latest('self-harm-concern')?.prompts.find(({ id }) => id === 'refer-now');
    expect(prompt?.urgent).toBe(true);
    expect(prompt?.when).toHaveProperty('any');
  });

  it('rate the message and not the person in the instrument for messages, and decide no level with it', () => {
    expect(instruments.latest('threatening-communication')).toMatchObject({
      rates: 'message',
      decidesLevel: false,
    });
  });

  it('have item ids that name a field of a record', () => {
    for (const item of instruments.current.flatMap(itemsOf)) {
      expect(`item.${item.id}`).toMatch(fieldNamePattern);
    }
  });

  it('name none of the licensed tools', () => {
    const licensed =
      /WAVR|HCR-?20|TRAP-?18|\bSARA\b|\bSAM\b|DyRiAS|MOSAIC|C-SSRS|Columbia-Suicide|Columbia Suicide/i;
    expect(canonical(instrumentDocuments as never)).not.toMatch(licensed);
  });

  /**
   * An assessment keeps the version it was made with, so what a version says never changes once it is
   * released: change a text, raise the version, keep the old document.
   */
  it('say what they said when their version was released', () => {
    const fingerprints = instruments.all.map((instrument) => {
      const digest = createHash('sha256').update(canonical(instrument as never));
      return `${instrument.id}@${instrument.version} ${digest.digest('hex').slice(0, 16)}`;
    });
    expect(fingerprints).toEqual([
      'warning-behaviours@1.0 d2bf2b22ced8b0cf',
      'key-questions@1.0 f3c5db7e6e664e05',
      'workplace-judgement@1.0 b09d668d7c4cbff6',
      'threatening-communication@1.0 58f0249241292400',
      'self-harm-concern@1.0 dac5f73e814db8f5',
    ]);
  });
});

describe('the shipped measures', () => {
  it('are the catalogue of the product: forty measures in six groups', () => {
    const count = (group: string) => measures.measures.filter((measure) => measure.group === group).length;
    expect(measures.groups.map(({ id }) => [id, count(id)])).toEqual([
      ['protective', 10],
      ['supportive', 7],
      ['hr', 9],
      ['legal', 6],
      ['communication', 4],
      ['clinical', 4],
    ]);
  });

  it('forbid mediation where stalking or coercion is present, and say so', () => {
    const mediation = measures.find('mediation');
    expect(mediation?.neverWhere).toEqual(expect.arrayContaining(['stalking', 'coercion']));
    expect(mediation?.caution?.en).toMatch(/never/i);
  });

  it('target warning behaviours and items that exist', () => {
    for (const { code, drivers } of measures.measures) {
      for (const driver of drivers) {
        expect(itemOfDriver(instruments, driver), `${code} → ${driver}`).toBeDefined();
      }
    }
  });

  it('offer something against every warning behaviour', () => {
    for (const behaviour of warningBehaviours) {
      expect(measures.forDriver(behaviour).length, behaviour).toBeGreaterThan(0);
    }
  });

  it('describe each measure in two sentences', () => {
    for (const { code, description } of measures.measures) {
      const sentences = (text: string) => text.split(/[.!?](?=\s+\p{Lu}|$)/u).filter((s) => s.trim() !== '');
      expect(sentences(description.de).length, `${code} de`).toBe(2);
      expect(sentences(description.en).length, `${code} en`).toBe(2);
    }
  });
});

describe('every shipped text', () => {
  const texts = textsIn([instrumentDocuments, measuresDocument]);

  it('is translated, not copied', () => {
    const same = texts.filter(({ de, en }) => de === en).map(({ de }) => de);
    expect(same).toEqual(['Leakage', 'Mediation']);
  });

  it('uses the quotation marks of its language and no stray spaces', () => {
    for (const { de, en } of texts) {
      expect(de).not.toMatch(/["“](?=\p{L})| {2}|^\s|\s$/u);
      expect(en).not.toMatch(/["„]| {2}|^\s|\s$/u);
    }
  });
});
