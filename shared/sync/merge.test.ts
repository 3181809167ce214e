import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrive, play, reorder, type States, steps } from '../../tools/support/histories.ts';
import type { ChangeId, DeviceId, RecordId } from '../ids.ts';
import type { Json } from '../json.ts';
import { canonical } from './canonical.ts';
import { type ChangeFields, removedField } from './change.ts';
import { type Arrived, applyChange, compareHeads, type Head, headsOf, type RecordState } from './merge.ts';
import { domainPolicy, viewRecord } from './view.ts';

const seed = 20_261_123;
const runs = { seed, numRuns: 400 } as const;
const picks = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 40 });

const stateText = (states: States) => canonical([...states] as unknown as Json);
const viewText = (states: States) =>
  canonical([...states].map(([id, state]) => [id, viewRecord(state)]) as unknown as Json);

/** The heads as the definition says, without any order: changes to a field that no other change to it saw. */
function headsByDefinition(
  changes: readonly Arrived[],
  record: RecordId,
  field: string,
): readonly ChangeId[] {
  const edits = changes.filter((change) => change.head.record === record && field in change.fields);
  const seen = new Set(edits.flatMap((change) => change.fields[field]?.saw ?? []));
  return edits.map((change) => change.head.id).filter((id) => !seen.has(id));
}

/** The bug the design exists to avoid: the later write wins, and the other is gone. */
const lastWriterWins: typeof applyChange = (state, change, policyOf) => {
  const next = applyChange(state, change, policyOf);
  const latest = (heads: readonly Head[]) => heads.toSorted(compareHeads).slice(-1);
  const registers = Object.entries(next.registers).map(([field, heads]) => [field, latest(heads)] as const);
  return { ...next, registers: Object.fromEntries(registers) };
};

/** Counts on the order of arrival: the value that came last wins. */
const lastArrivalWins: typeof applyChange = (state, change, policyOf) => {
  const next = applyChange(state, change, policyOf);
  const kept = Object.entries(next.registers).map(([field, heads]) => {
    const own = heads.filter((head) => head.change === change.head.id);
    return [field, own.length > 0 ? own : heads] as const;
  });
  return { ...next, registers: Object.fromEntries(kept) };
};

const converges = (apply: typeof applyChange) =>
  fc.property(steps, picks, (history, order) => {
    const log = play(history);
    expect(stateText(arrive(reorder(log, order), apply))).toBe(stateText(arrive(log, apply)));
  });

const losesNothing = (apply: typeof applyChange) =>
  fc.property(steps, picks, (history, order) => {
    const log = play(history);
    for (const [record, state] of arrive(reorder(log, order), apply)) {
      for (const [field, heads] of Object.entries(state.registers)) {
        const wanted = headsByDefinition(log, record, field);
        expect(heads.map((head) => head.change)).toEqual(wanted.toSorted());
      }
    }
  });

describe('the merge, over histories of four devices', () => {
  it('shows everyone the same, whatever order the changes arrived in', () => {
    fc.assert(converges(applyChange), runs);
  });

  it('shows the same view for the same state, conflicts and removals included', () => {
    const property = fc.property(steps, picks, (history, order) => {
      const log = play(history);
      expect(viewText(arrive(reorder(log, order)))).toBe(viewText(arrive(log)));
    });
    fc.assert(property, runs);
  });

  it('keeps every value that nobody has answered, and no other', () => {
    fc.assert(losesNothing(applyChange), runs);
  });

  it('keeps an element in a set while anyone added it without its removal being answered', () => {
    const property = fc.property(steps, (history) => {
      const log = play(history);
      for (const [record, state] of arrive(log)) {
        if (state.kind !== 'observation') continue;
        const view = viewRecord(state);
        for (const element of Object.keys(state.sets.behaviours ?? {})) {
          expect((view.values.behaviours as string[]).includes(element)).toBe(
            standsInSet(log, record, element),
          );
        }
        expect(view.contested).not.toContain('behaviours');
      }
    });
    fc.assert(property, runs);
  });

  it('would catch a merge in which the last writer wins', () => {
    expect(fc.check(losesNothing(lastWriterWins), runs).failed).toBe(true);
  });

  it('would catch a merge that goes by the order of arrival', () => {
    expect(fc.check(converges(lastArrivalWins), runs).failed).toBe(true);
    expect(fc.check(losesNothing(lastArrivalWins), runs).failed).toBe(true);
  });
});

function standsInSet(log: readonly Arrived[], record: RecordId, element: string): boolean {
  const edits = log.flatMap((change) => {
    const edit = change.head.record === record ? change.fields.behaviours : undefined;
    const { add, remove } = (edit?.value ?? { add: [], remove: [] }) as { add: string[]; remove: string[] };
    const touches = add.includes(element) || remove.includes(element);
    return edit && touches ? [{ id: change.head.id, saw: edit.saw, adds: add.includes(element) }] : [];
  });
  const seen = new Set(edits.flatMap((edit) => edit.saw));
  return edits.some((edit) => edit.adds && !seen.has(edit.id));
}

/* --- single cases, as the examples of the design tell them ------------------------------------------- */

const device = (letter: string) => `01900000-0000-7000-8000-d0000000000${letter}` as unknown as DeviceId;
const changeId = (name: string) => name as unknown as ChangeId;

interface Written {
  readonly by?: string;
  readonly at?: number;
  readonly kind?: string;
}

function change(name: string, fields: Record<string, [Json, ...string[]]>, how: Written = {}): Arrived {
  const edits = Object.entries(fields).map(([field, [value, ...saw]]) => [
    field,
    { value, saw: saw.map(changeId) },
  ]);
  const at = [how.at ?? 1, 0] as const;
  const head = {
    id: changeId(name),
    record: 'r' as unknown as RecordId,
    kind: how.kind ?? 'observation',
    op: 'update',
    at,
    schema: 1,
    seen: [0, ''],
  } as const;
  const author = device(how.by ?? 'a');
  return { head, fields: Object.fromEntries(edits) as ChangeFields, device: author, effective: at };
}

function stateOf(...changes: readonly Arrived[]): RecordState {
  const [first, ...rest] = changes;
  if (first === undefined) throw new Error('no changes');
  const start = applyChange(undefined, first, domainPolicy);
  return rest.reduce((state, next) => applyChange(state, next, domainPolicy), start);
}
const viewOf = (...changes: readonly Arrived[]) => viewRecord(stateOf(...changes));

describe('a value that two people changed apart', () => {
  const base = change('a1', { text: ['x'] });
  const mine = change('b1', { text: ['y', 'a1'] }, { by: 'b', at: 5 });
  const theirs = change('c1', { text: ['z', 'a1'] }, { by: 'c', at: 3 });

  it('is a conflict in either order; the later one is shown, both are kept', () => {
    for (const view of [viewOf(base, mine, theirs), viewOf(base, theirs, mine)]) {
      expect(view.contested).toEqual(['text']);
      expect(view.values.text).toBe('y');
      expect(view.saw.text).toEqual(['b1', 'c1']);
    }
  });

  it('is settled by an ordinary edit that names them all', () => {
    const resolved = viewOf(base, mine, theirs, change('d1', { text: ['yz', 'b1', 'c1'] }));
    expect(resolved).toMatchObject({ values: { text: 'yz' }, contested: [], saw: { text: ['d1'] } });
  });

  it('stays a conflict when the answer names only one of them', () => {
    const half = viewOf(base, mine, theirs, change('d1', { text: ['yz', 'b1'] }));
    expect(half.contested).toEqual(['text']);
  });

  it('is no conflict when both wrote the same', () => {
    const same = change('c1', { text: ['y', 'a1'] }, { by: 'c', at: 3 });
    expect(viewOf(base, mine, same)).toMatchObject({ values: { text: 'y' }, contested: [] });
  });

  it('falls to the device and then the id when the clocks are equal', () => {
    const b = change('b1', { text: ['y', 'a1'] }, { by: 'b', at: 5 });
    const c = change('c1', { text: ['z', 'a1'] }, { by: 'c', at: 5 });
    expect(viewOf(base, b, c).values.text).toBe('z');
    expect(viewOf(base, c, b).values.text).toBe('z');
  });
});

describe('a decision that two people made apart', () => {
  const at = (name: string, field: string, value: Json, atMs: number): Arrived =>
    change(name, { [field]: [value] }, { by: name, at: atMs, kind: 'case' });

  it('shows the higher concern level, though the lower one was written later', () => {
    const view = viewOf(at('a', 'level', 'high', 1), at('b', 'level', 'low', 9));
    expect(view).toMatchObject({ values: { level: 'high' }, contested: ['level'] });
  });

  it('holds "insufficient information" for safer than "low"', () => {
    expect(viewOf(at('a', 'level', 'low', 9), at('b', 'level', 'insufficient', 1)).values.level).toBe(
      'insufficient',
    );
  });

  it('shows a value that only a newer program knows: it may be the safest of all', () => {
    expect(viewOf(at('a', 'level', 'extreme', 1), at('b', 'level', 'high', 9)).values.level).toBe('extreme');
  });

  it('shows imminent danger, an open measure, an unsigned assessment', () => {
    expect(viewOf(at('a', 'imminent', true, 1), at('b', 'imminent', false, 9)).values.imminent).toBe(true);
    const measure = (name: string, status: string, atMs: number) =>
      change(name, { status: [status] }, { at: atMs, by: name, kind: 'measure' });
    expect(viewOf(measure('a', 'planned', 1), measure('b', 'done', 9)).values.status).toBe('planned');
    const signed = change('b', { signature: [{ at: 'x', by: 'y' }] }, { at: 9, kind: 'assessment' });
    const unsigned = change('a', { signature: [null] }, { at: 1, kind: 'assessment' });
    expect(viewOf(signed, unsigned).values.signature).toBeNull();
  });
});

describe('a set that two people changed apart', () => {
  const start = change('a1', { behaviours: [{ add: ['leakage', 'pathway'], remove: [] }] });

  it('takes both additions and both removals, element by element', () => {
    const b = change('b1', { behaviours: [{ add: ['fixation'], remove: ['leakage'] }, 'a1'] }, { by: 'b' });
    const c = change('c1', { behaviours: [{ add: ['last-resort'], remove: [] }, 'a1'] }, { by: 'c' });
    const expected = ['fixation', 'last-resort', 'pathway'];
    expect(viewOf(start, b, c).values.behaviours).toEqual(expected);
    expect(viewOf(start, c, b)).toMatchObject({ values: { behaviours: expected }, contested: [] });
  });

  it('keeps an element that one removed and another added', () => {
    const remove = change('b1', { behaviours: [{ add: [], remove: ['leakage'] }, 'a1'] }, { by: 'b' });
    const add = change('c1', { behaviours: [{ add: ['leakage'], remove: [] }, 'a1'] }, { by: 'c' });
    expect(viewOf(start, add, remove).values.behaviours).toContain('leakage');
    expect(viewOf(start, remove, add).values.behaviours).toContain('leakage');
  });

  it('lets go of an element when the removal saw every addition', () => {
    const add = change('c1', { behaviours: [{ add: ['leakage'], remove: [] }, 'a1'] }, { by: 'c' });
    const remove = change('d1', { behaviours: [{ add: [], remove: ['leakage'] }, 'a1', 'c1'] });
    expect(viewOf(start, add, remove).values.behaviours).toEqual(['pathway']);
  });

  it('keeps what is not an edit of a set without showing it', () => {
    const odd = change('b1', { behaviours: ['leakage'] }, { by: 'b' });
    expect(viewOf(start, odd).values.behaviours).toEqual(['leakage', 'pathway']);
    expect(viewOf(odd).values.behaviours).toBeUndefined();
    expect(headsOf(stateOf(start, odd))).toEqual(['a1', 'b1']);
  });
});

describe('the removal of a record', () => {
  const base = change('a1', { text: ['x'] });
  const removal = change('b1', { [removedField]: [true, 'a1'] }, { by: 'b' });

  it('removes a record that nobody touched meanwhile', () => {
    expect(viewOf(base, removal)).toMatchObject({ removed: true, contested: [] });
  });

  it('leaves a record visible, as a conflict, when somebody edited it meanwhile', () => {
    const edit = change('c1', { text: ['new'] }, { by: 'c' });
    for (const view of [viewOf(base, edit, removal), viewOf(base, removal, edit)]) {
      expect(view).toMatchObject({ removed: false, contested: expect.arrayContaining([removedField]) });
    }
  });

  it('sees an edit of a set beside it, too', () => {
    const edit = change('c1', { behaviours: [{ add: ['leakage'], remove: [] }] }, { by: 'c' });
    expect(viewOf(base, removal, edit)).toMatchObject({ removed: false, contested: [removedField] });
  });

  it('can be said again in view of the edit, or taken back', () => {
    const edit = change('c1', { text: ['new', 'a1'] }, { by: 'c' });
    const before = stateOf(base, removal, edit);
    const again = change('d1', { [removedField]: [true, ...headsOf(before)] });
    const kept = change('d1', { [removedField]: [false, ...headsOf(before)] });
    expect(viewRecord(applyChange(before, again, domainPolicy))).toMatchObject({
      removed: true,
      contested: [],
    });
    expect(viewRecord(applyChange(before, kept, domainPolicy))).toMatchObject({
      removed: false,
      contested: [],
    });
  });

  it('is agreed on by two people who removed it apart', () => {
    const second = change('c1', { [removedField]: [true, 'a1'] }, { by: 'c' });
    expect(viewOf(base, removal, second)).toMatchObject({ removed: true, contested: [] });
  });
});

describe('what a program does not know', () => {
  it('is kept and merged as a value', () => {
    const a = change('a1', { mood: ['calm'] }, { kind: 'weather', by: 'a' });
    const b = change('b1', { mood: ['storm'] }, { kind: 'weather', by: 'b', at: 2 });
    expect(viewOf(a, b)).toMatchObject({ values: { mood: 'storm' }, contested: ['mood'] });
  });

  it('does no harm under the names that JavaScript objects are born with', () => {
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'];
    for (const name of names) {
      const view = viewOf(
        change('a1', { [name]: ['x'] }),
        change('b1', { [name]: ['y', 'a1'] }, { by: 'b' }),
      );
      expect(Object.entries(view.values)).toEqual([[name, 'y']]);
    }
    const elements = ['__proto__', 'constructor', 'toString'];
    const added = change('a1', { behaviours: [{ add: elements, remove: [] }] });
    expect(viewOf(added).values.behaviours).toEqual(elements.toSorted());
    const removed = change('b1', { behaviours: [{ add: [], remove: ['__proto__'] }, 'a1'] }, { by: 'b' });
    expect(viewOf(added, removed).values.behaviours).toEqual(['constructor', 'toString']);
  });

  it('cannot make people see different records by disagreeing about the kind', () => {
    const a = change('a1', { text: ['x'] }, { by: 'a', kind: 'observation' });
    const b = change('b1', { behaviours: [{ add: ['leakage'], remove: [] }] }, { by: 'b', kind: 'person' });
    expect(stateOf(a, b)).toEqual(stateOf(b, a));
    expect(viewOf(a, b)).toEqual(viewOf(b, a));
  });
});
