import { describe, expect, it } from 'vitest';
import type { TmaError } from '../../../shared/errors.ts';
import type { CaseId, DeviceId } from '../../../shared/ids.ts';
import { zeroHash } from '../../../shared/sync/change.ts';
import type { SegmentDraft } from '../../../shared/sync/segment.ts';
import type { PushAnswer, SegmentOutcome } from '../../../shared/sync/wire.ts';
import { answersAll, assertMovesOn, halved } from './push.ts';

const caseId = 'case-a' as unknown as CaseId;
const draft = (count: number, from = 1): SegmentDraft => ({
  caseId,
  device: 'device' as unknown as DeviceId,
  prev: { n: from - 1, hash: zeroHash },
  changes: Array.from({ length: count }, () => ({ head: '', payload: '', salt: '' })),
});
const head = { case: caseId, position: 9, running: zeroHash, sig: '' };
const taken = (...ns: number[]): SegmentOutcome => ({
  outcome: 'taken',
  case: caseId,
  head,
  changes: ns.map((n) => ({ n, outcome: 'applied', position: n })),
});
const refused = (code: 'change.gap' | 'service.busy' | 'access.denied'): SegmentOutcome => ({
  outcome: 'refused',
  case: caseId,
  code,
});
const answer = (...segments: SegmentOutcome[]): PushAnswer => ({ segments });

describe('a push that was too large', () => {
  const limits = { maxChanges: 500, maxBytes: 1_000 };

  it('is sent again as half, until a single change is left', () => {
    expect(halved(limits, [draft(300), draft(100)])).toEqual({ maxChanges: 200, maxBytes: 500 });
    expect(halved(limits, [draft(2)])).toEqual({ maxChanges: 1, maxBytes: 500 });
    expect(halved(limits, [draft(1)])).toBeUndefined();
  });
});

describe('the answer to a push', () => {
  it('names every change of every segment, in order', () => {
    expect(answersAll([draft(2, 4)], answer(taken(4, 5)))).toBe(true);
    expect(answersAll([draft(2), draft(1, 3)], answer(taken(1, 2), refused('access.denied')))).toBe(true);
  });

  it('is none when it names too few, too many, others, or another case', () => {
    for (const wrong of [
      answer(),
      answer(taken(1)),
      answer(taken(1, 2, 3)),
      answer(taken(2, 1)),
      answer(taken(2, 3)),
    ]) {
      expect(answersAll([draft(2)], wrong)).toBe(false);
    }
    const other = { ...taken(1, 2), case: 'case-b' as unknown as CaseId };
    expect(answersAll([draft(2)], answer(other))).toBe(false);
    expect(answersAll([draft(2)], answer(taken(1, 2), taken(3)))).toBe(false);
    const foreignHead = { ...taken(1, 2), head: { ...head, case: 'case-b' as unknown as CaseId } };
    expect(answersAll([draft(2)], answer(foreignHead as SegmentOutcome))).toBe(false);
  });
});

describe('a push that gets nowhere', () => {
  it('is tried again later rather than at once', () => {
    expect(() => assertMovesOn([refused('service.busy'), refused('service.busy')])).toThrow(
      expect.objectContaining({ code: 'service.busy' }) as TmaError,
    );
  });

  it('goes on at once when any part of it was settled', () => {
    expect(() => assertMovesOn([refused('service.busy'), taken(1)])).not.toThrow();
    expect(() => assertMovesOn([refused('service.busy'), refused('access.denied')])).not.toThrow();
    expect(() => assertMovesOn([refused('change.gap')])).not.toThrow();
    expect(() => assertMovesOn([])).not.toThrow();
  });
});
