import { describe, expect, it } from 'vitest';
import { answer, sampleInstrument } from './fixture.test-support.ts';
import { evaluatePrompts, promptsToJustify } from './prompts.ts';

const instrument = sampleInstrument();
const ids = (answers: Parameters<typeof evaluatePrompts>[1]) =>
  evaluatePrompts(instrument, answers).map(({ id }) => id);
const trusted = { trust: answer('present') };

describe('prompts', () => {
  it('speak up when all parts of their condition hold', () => {
    expect(ids({ ...trusted, pathway: answer('present'), access: answer('present') })).toEqual([
      'pathway-and-access',
    ]);
    expect(ids({ ...trusted, pathway: answer('present'), access: answer('possible') })).toEqual([]);
  });

  it('can ask for a coding and a change together', () => {
    expect(ids({ ...trusted, access: answer('possible', { change: 'rising' }) })).toEqual([
      'something-rises',
    ]);
    expect(ids({ ...trusted, access: answer('possible', { change: 'falling' }) })).toEqual([]);
    expect(ids({ ...trusted, access: answer('present', { change: 'rising' }) })).toEqual([]);
    expect(ids({ ...trusted, access: answer('possible') })).toEqual([]);
  });

  it('take an item nobody looked at for unknown', () => {
    expect(ids({})).toEqual(['trust-unknown']);
    expect(ids({ trust: answer('unknown') })).toEqual(['trust-unknown']);
  });

  it('ask for a justification only below their level, and never set one', () => {
    const prompts = evaluatePrompts(instrument, { pathway: answer('present'), access: answer('present') });
    const asked = (level: Parameters<typeof promptsToJustify>[1]) =>
      promptsToJustify(prompts, level).map(({ id }) => id);
    expect(asked('low')).toEqual(['pathway-and-access']);
    expect(asked('insufficient')).toEqual(['pathway-and-access']);
    expect(asked('moderate')).toEqual(['pathway-and-access']);
    expect(asked('elevated')).toEqual([]);
    expect(asked('high')).toEqual([]);
  });
});
