import { describe, expect, it } from 'vitest';
import { answer, sampleInstrument } from './fixture.test-support.ts';
import { gaps } from './gaps.ts';

const instrument = sampleInstrument();

describe('gaps', () => {
  it('are everything at the start, and nothing of it blocks the signature', () => {
    expect(gaps(instrument, { answers: {}, evidence: {} })).toEqual([
      { itemId: 'pathway', reason: 'unanswered', blocksSignature: false },
      { itemId: 'access', reason: 'unanswered', blocksSignature: false },
      { itemId: 'trust', reason: 'unanswered', blocksSignature: false },
      { itemId: 'worst-case', reason: 'unanswered', blocksSignature: false },
    ]);
  });

  it('tell "looked and not known" from "not looked at"', () => {
    const answers = { pathway: answer('unknown'), access: answer('no-indication') };
    const found = gaps(instrument, { answers, evidence: {} });
    expect(found[0]).toEqual({ itemId: 'pathway', reason: 'unknown', blocksSignature: false });
    expect(found.map(({ itemId }) => itemId)).not.toContain('access');
  });

  it('block the signature where a coding needs an observation and has none', () => {
    const answers = { pathway: answer('possible'), access: answer('present'), trust: answer('possible') };
    const found = gaps(instrument, { answers, evidence: { access: ['observation'], pathway: [] } });
    expect(found.filter((gap) => gap.blocksSignature).map(({ itemId }) => itemId)).toEqual(['pathway']);
  });

  it('close for a narrative item when something is written', () => {
    const open = (note: string) =>
      gaps(instrument, { answers: { 'worst-case': answer('unknown', { note }) }, evidence: {} }).some(
        ({ itemId }) => itemId === 'worst-case',
      );
    expect(open('   ')).toBe(true);
    expect(open('Comes back on the day of the hearing.')).toBe(false);
  });
});
