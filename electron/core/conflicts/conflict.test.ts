import { describe, expect, it } from 'vitest';
import type { ChangeId, DeviceId, RecordId } from '../../../shared/ids.ts';
import type { Json } from '../../../shared/json.ts';
import { type Arrived, applyChange, type RecordState } from '../../../shared/sync/merge.ts';
import { domainPolicy } from '../../../shared/sync/view.ts';
import { conflictBase, contestedHeads, contestedSinceMs } from './conflict.ts';

function change(id: string, value: Json, saw: readonly string[]): Arrived {
  const at = [Number(id.slice(1)), 0] as const;
  const head = {
    id: id as ChangeId,
    record: 'r' as RecordId,
    kind: 'person',
    op: 'update' as const,
    at,
    schema: 1,
    seen: [0, ''] as const,
  };
  return {
    head,
    fields: { name: { value, saw: saw as ChangeId[] } },
    device: `d${id.slice(1)}` as DeviceId,
    effective: at,
  };
}

function stateOf(changes: readonly Arrived[]): RecordState {
  const merged = changes.reduce<RecordState | undefined>(
    (state, one) => applyChange(state, one, domainPolicy),
    undefined,
  );
  if (merged === undefined) throw new Error('no changes');
  return merged;
}

const baseOf = (changes: readonly Arrived[]) =>
  conflictBase(changes, 'name', contestedHeads(stateOf(changes), 'name'));

describe('what both had seen', () => {
  it('is the value that both replaced', () => {
    expect(baseOf([change('c1', 'x', []), change('c2', 'y', ['c1']), change('c3', 'z', ['c1'])])?.value).toBe(
      'x',
    );
  });

  it('is the last common one when one of them went on alone', () => {
    const changes = [
      change('c1', 'x', []),
      change('c2', 'y', ['c1']),
      change('c3', 'y2', ['c2']),
      change('c4', 'z', ['c1']),
    ];
    expect(baseOf(changes)?.value).toBe('x');
  });

  it('is the latest of several common ones', () => {
    const changes = [
      change('c1', 'x', []),
      change('c2', 'xx', ['c1']),
      change('c3', 'y', ['c2']),
      change('c4', 'z', ['c2']),
    ];
    expect(baseOf(changes)?.change).toBe('c2');
  });

  it('is nothing when the field was empty', () => {
    expect(baseOf([change('c1', 'y', []), change('c2', 'z', [])])).toBeUndefined();
  });

  it('leaves the conflict dated by the second of the values', () => {
    const changes = [change('c1', 'x', []), change('c5', 'y', ['c1']), change('c9', 'z', ['c1'])];
    expect(contestedSinceMs(contestedHeads(stateOf(changes), 'name'))).toBe(9);
  });
});
