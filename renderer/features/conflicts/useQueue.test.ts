import { expect, test } from 'vitest';
import type { ConflictLine } from '../../../shared/contract/conflictViews.ts';
import type { CaseId, RecordId } from '../../../shared/ids.ts';
import { queueOf } from './useQueue.ts';

const line = (of: string, field: string): ConflictLine => ({
  caseId: of as CaseId,
  number: null,
  caseTitle: of,
  level: null,
  recordId: 'r' as RecordId,
  kind: 'person',
  field,
  recordTitle: null,
  since: '2026-11-23T08:00:00.000Z',
});

// Oldest first, as the core lists them.
const lines = [line('a', 'name'), line('b', 'name'), line('a', 'role'), line('b', 'role')];
const queue = (of: string, field: string, among: readonly ConflictLine[] = lines) => {
  const { next, previous, ...counts } = queueOf(among, line(of, field));
  const name = (one: ConflictLine | null) => one && `${one.caseId} ${one.field}`;
  return { ...counts, next: name(next), previous: name(previous) };
};

test('the conflicts of a case come one after the other, before those of the next case', () => {
  expect(queue('a', 'name')).toEqual({ at: 1, inCase: 2, all: 4, next: 'a role', previous: 'b role' });
  expect(queue('a', 'role')).toEqual({ at: 2, inCase: 2, all: 4, next: 'b name', previous: 'a name' });
  expect(queue('b', 'name')).toMatchObject({ at: 1, next: 'b role' });
});

test('after one is settled the next is the first that is left, of the same case where there is one', () => {
  const left = lines.filter(({ caseId, field }) => !(caseId === 'b' && field === 'name'));
  expect(queue('b', 'name', left)).toMatchObject({ at: null, inCase: 1, all: 3, next: 'b role' });
});

test('the only one has nothing before and after it', () => {
  expect(queue('a', 'name', [line('a', 'name')])).toMatchObject({ next: null, previous: null, at: 1 });
  expect(queue('a', 'name', [])).toMatchObject({ next: null, previous: null, at: null });
});
