import { describe, expect, it } from 'vitest';
import { kindNames } from './kinds.ts';
import {
  compartmentsIn,
  everything,
  isSameReading,
  mayRead,
  type Reading,
  rightTo,
  sectionOf,
  splitSealed,
} from './reading.ts';
import { mayWrite } from './rights.ts';
import { narrower, readCompartments, readScope, type Scope, sections } from './sections.ts';

const of = (value: string | null) => ({ value });

describe('the sections of a case', () => {
  it('have every kind of record between them, but for what everybody on the case reads', () => {
    const found = new Set(kindNames.map(sectionOf));
    expect(found).toEqual(new Set(['frame', ...sections]));
  });

  it('are closed to whom they are not named, and so is every kind that this program does not know', () => {
    const scope: Scope = { persons: 'read', notes: 'write' };
    expect(['person', 'note', 'case', 'report', 'newer'].map((kind) => rightTo(scope, kind))).toEqual([
      'read',
      'write',
      'read',
      undefined,
      undefined,
    ]);
    expect(rightTo(null, 'newer')).toBe('write');
  });

  it('are fewer where two people named different ones', () => {
    const [a, b]: Scope[] = [
      { persons: 'write', notes: 'read' },
      { persons: 'read', report: 'read' },
    ];
    expect(narrower(a ?? null, b ?? null)).toEqual({ persons: 'read' });
    expect(narrower(null, b ?? null)).toEqual(b);
    expect(narrower(null, null)).toBeNull();
  });

  it('read of a value what they know and no more', () => {
    expect(readScope({ persons: 'write', newer: 'read', notes: 'own' })).toEqual({ persons: 'write' });
    expect(readScope('persons')).toEqual({});
    expect(readScope(null)).toBeNull();
    expect(readCompartments(['medical', 'newer'])).toEqual(['medical']);
    expect(readCompartments({ medical: true })).toEqual([]);
  });
});

describe('a sealed field', () => {
  const whole: Reading = { scope: null, compartments: [] };

  it('closes the change that gives it a value, and not the one that clears it', () => {
    const change = { kind: 'report', fields: { what: of('x'), reporterName: of('Jana') } };
    expect(compartmentsIn(change)).toEqual(['reporter-identity']);
    expect(mayRead(whole, change)).toBe(false);
    expect(mayRead(everything, change)).toBe(true);
    expect(mayRead(whole, { kind: 'report', fields: { reporterName: of(null) } })).toBe(true);
  });

  it('is written apart from what is open', () => {
    const fields = { name: of('Max'), medical: of('x'), note: of('y') };
    expect(splitSealed('person', fields)).toEqual([{ name: of('Max'), note: of('y') }, { medical: of('x') }]);
    expect(splitSealed('person', { medical: of('x') })).toEqual([{ medical: of('x') }]);
    expect(splitSealed('newer', { medical: of('x') })).toEqual([{ medical: of('x') }]);
  });

  it('is written by nobody who could not read it', () => {
    const edit = { head: { kind: 'person' }, fields: { medical: of('x') } };
    expect(mayWrite('specialist', edit, whole)).toBe(false);
    expect(mayWrite('specialist', edit, { scope: null, compartments: ['medical'] })).toBe(true);
  });
});

describe('breaking the glass', () => {
  it('is for everybody who sees the case, whatever else they may do', () => {
    const nothing: Reading = { scope: {}, compartments: [] };
    const edit = { head: { kind: 'glass' }, fields: { compartment: of('medical') } };
    const all = ['lead', 'reviewer', 'member'] as const;
    expect(all.map((standing) => mayWrite(standing, edit, nothing))).toEqual([true, true, true]);
    expect(mayWrite(undefined, edit)).toBe(false);
  });
});

it('says that two open the same whatever the order they name it in', () => {
  const one: Reading = { scope: { persons: 'read', notes: 'write' }, compartments: ['medical'] };
  const other: Reading = { scope: { notes: 'write', persons: 'read' }, compartments: ['medical'] };
  expect(isSameReading(one, other)).toBe(true);
  expect(isSameReading(one, { ...other, compartments: [] })).toBe(false);
  expect(isSameReading(one, { ...one, scope: null })).toBe(false);
});
