import { describe, expect, it } from 'vitest';
import { systemIds } from '../../../platform/crypto.ts';
import { type CaseId, newId } from '../../../shared/ids.ts';
import type { PullAnswer } from '../../../shared/sync/wire.ts';
import { createMarks } from './marks.ts';

const [a, b] = [newId<CaseId>(systemIds), newId<CaseId>(systemIds)];
const answer = (some: Partial<PullAnswer> = {}): PullAnswer => ({
  events: [],
  cases: [],
  more: false,
  ...some,
});
const named = (marks: ReturnType<typeof createMarks>) => [...(marks.current()?.named ?? ['all'])];

function marked() {
  const marks = createMarks();
  marks.answered(marks.current(), answer({ since: '7' }));
  return marks;
}

describe('what a pull names', () => {
  it('is everything until an answer had a mark, and again once that is forgotten', () => {
    const marks = createMarks();
    marks.answered(marks.current(), answer());
    expect(named(marks)).toEqual(['all']);
    marks.answered(marks.current(), answer({ since: '7' }));
    expect(marks.current()?.mark.since).toBe('7');
    expect(named(marks)).toEqual([]);
    marks.forget();
    expect(named(marks)).toEqual(['all']);
  });

  it('is what moved here since, until a newer mark was made after it was named', () => {
    const marks = marked();
    marks.moved([a]);
    const asked = marks.current();
    marks.moved([b]);
    expect(marks.answered(asked, answer({ since: '7' }))).toBe(false);
    expect(named(marks)).toEqual([a, b]);
    marks.answered(asked, answer({ since: '9' }));
    expect(named(marks)).toEqual([b]);
  });

  it('is what the service asks for, at once where it was not named', () => {
    const marks = marked();
    expect(marks.answered(marks.current(), answer({ unnamed: [a] }))).toBe(true);
    expect(named(marks)).toEqual([a]);
    // A service that asks for what it was told is not asked for ever.
    expect(marks.answered(marks.current(), answer({ unnamed: [a] }))).toBe(false);
  });

  it('is not narrowed by an answer that was asked for before another one', () => {
    const marks = marked();
    const early = marks.current();
    marks.answered(marks.current(), answer({ since: '9' }));
    marks.moved([a]);
    marks.answered(early, answer({ since: '8' }));
    expect(marks.current()?.mark.since).toBe('9');
    expect(named(marks)).toEqual([a]);
  });
});
