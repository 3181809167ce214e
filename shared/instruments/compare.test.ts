import { describe, expect, it } from 'vitest';
import { compareAssessments, isUnchanged, startFrom } from './compare.ts';
import { answer } from './fixture.test-support.ts';

describe('comparing two assessments', () => {
  const before = {
    answers: { pathway: answer('no-indication'), trust: answer('present', { note: 'her brother' }) },
    evidence: { trust: ['o1', 'o2'] },
  };

  it('says item by item what changed', () => {
    const after = {
      answers: {
        pathway: answer('possible', { change: 'new' }),
        trust: answer('present', { note: 'her brother' }),
      },
      evidence: { trust: ['o2', 'o3'], pathway: ['o4'] },
    };
    expect(compareAssessments(before, after)).toEqual([
      {
        itemId: 'pathway',
        before: answer('no-indication'),
        after: answer('possible', { change: 'new' }),
        changed: ['coding', 'change'],
        evidenceAdded: ['o4'],
        evidenceRemoved: [],
      },
      expect.objectContaining({
        itemId: 'trust',
        changed: [],
        evidenceAdded: ['o3'],
        evidenceRemoved: ['o1'],
      }),
    ]);
  });

  it('finds no difference between an assessment and itself', () => {
    expect(compareAssessments(before, before).every(isUnchanged)).toBe(true);
  });

  it('keeps an item that a newer version of the instrument dropped, and shows one it added', () => {
    const compared = compareAssessments(before, {
      answers: { pathway: answer('no-indication'), means: answer('unknown') },
      evidence: {},
    });
    expect(compared.map(({ itemId, before: b, after: a }) => [itemId, b?.coding, a?.coding])).toEqual([
      ['pathway', 'no-indication', 'no-indication'],
      ['trust', 'present', undefined],
      ['means', undefined, 'unknown'],
    ]);
  });

  it('is not confused by an item named like something every object has', () => {
    expect(compareAssessments({ answers: {}, evidence: { constructor: [] } }, before)[0]).toMatchObject({
      itemId: 'constructor',
      before: null,
      after: null,
      changed: [],
    });
  });

  it('starts a reassessment from the previous answers without claiming what changed', () => {
    const started = startFrom({ pathway: answer('present', { change: 'rising', note: 'seen twice' }) });
    expect(started.pathway).toEqual(answer('present', { note: 'seen twice' }));
  });
});
